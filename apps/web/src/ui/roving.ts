/**
 * Which item the arrow, Home and End keys move to inside a one-stop control (tabs, segmented choice).
 *
 * @returns the index to focus, or undefined when the key is not one of ours
 */
export function rovingIndex(key: string, index: number, count: number): number | undefined {
  if (count === 0) return undefined;
  if (key === "ArrowRight" || key === "ArrowDown") return (index + 1) % count;
  if (key === "ArrowLeft" || key === "ArrowUp") return (index - 1 + count) % count;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  return undefined;
}
