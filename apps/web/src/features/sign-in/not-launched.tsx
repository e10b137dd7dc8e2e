import { Icon } from "../../lib/icons.tsx";

/** @param what "the sandbox lets in": what only a browser gets that came through the printed link */
export function NotLaunched({ what }: { what: string }) {
  return (
    <div className="banner live">
      <Icon name="key" />
      <div className="grow">
        <b>Open the link printed in the terminal.</b> Anyone on this machine can reach this port, so {what} only
        browsers that come through that link. It works once: press Enter in that terminal for a fresh one. Where the
        server runs without a terminal, the link is in the file <span className="mono">launch-url</span> of its data
        directory.
      </div>
    </div>
  );
}
