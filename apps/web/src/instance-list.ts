/** What the list of instances computes, without a page: for programs that measure it from Node. Nothing here may need a document. */
export { parseFilter } from "./features/instances/instance-filter.ts";
export { groupIndex } from "./features/instances/instance-groups.ts";
export {
  indexInstance,
  type ListedInstance,
  mergeIndex,
  readsTheSame,
  withChanged,
} from "./features/instances/instance-index.ts";
export { ListFilter } from "./features/instances/list-filter.ts";
export { RowLayout } from "./features/instances/row-layout.ts";
export { tagChoices } from "./features/instances/tag-choices.ts";
