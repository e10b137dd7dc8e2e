/**
 * The tags of one machine, as far as they are known. EC2's come with every list; those of a hybrid node are asked for with
 * its details only, and a role may lack the permission. Pure.
 */
import type { Instance, InstanceDetail, InstanceSource } from "@causeway/wire-contract/instances";
import { withinSentence } from "./source-notes.ts";

/** @returns undefined: nobody has told (yet) */
export function knownTags(
  instance: Pick<Instance, "kind" | "tags">,
  detail: InstanceDetail | undefined,
): Readonly<Record<string, string>> | undefined {
  if (instance.kind === "ec2") return instance.tags;
  return detail?.sources.tags?.ok ? detail.instance.tags : undefined;
}

/** Why they are missing, e.g. which permission; undefined: they are not. */
export function missingTags(source: InstanceSource | undefined): string | undefined {
  if (source === undefined || source.ok) return undefined;
  const { problem } = source;
  const reason =
    problem?.code === "AWS_ACCESS_DENIED"
      ? "this role may not call ssm:ListTagsForResource"
      : withinSentence(problem?.title ?? "SSM did not answer");
  return `Its tags are missing: ${reason}.`;
}
