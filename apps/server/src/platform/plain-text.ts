/** Text from outside on its way to a log, an audit row or a page: no control characters, and no more than so many characters. */
export function plainText(text: string, charactersMax: number): string {
  return text.replace(/\p{Cc}/gu, "").slice(0, charactersMax);
}
