/** A person's initial on a colour that stays hers: the same name has the same one everywhere. */
import { presenceColour } from "./presence-colour.ts";

export function Avatar({ name }: { name: string }) {
  return (
    <span className="av sm" aria-hidden="true" style={{ background: `var(--presence-${presenceColour(name)})` }}>
      {name.slice(0, 1)}
    </span>
  );
}
