// Writes the little XML that STS and EC2 answer with. Values are escaped here and nowhere else.

/** Text, nested elements, a list of items (`<item>` at EC2, `<member>` elsewhere), or nothing at all. */
export type XmlValue =
  | string
  | number
  | boolean
  | undefined
  | readonly XmlValue[]
  | { readonly [name: string]: XmlValue };

/** @returns the element, or "" when the value is undefined */
export function xmlElement(name: string, value: XmlValue, attributes = "", itemName: ItemName = "item"): string {
  return value === undefined ? "" : `<${name}${attributes}>${xmlContent(value, itemName)}</${name}>`;
}

export type ItemName = "item" | "member";

/** Written into one text: a page of a large fleet is two million characters in sixty thousand elements. */
function xmlContent(value: Exclude<XmlValue, undefined>, itemName: ItemName): string {
  if (typeof value !== "object") return escapeXml(String(value));
  let content = "";
  if (isList(value)) for (const item of value) content += xmlElement(itemName, item, "", itemName);
  else for (const name of Object.keys(value)) content += xmlElement(name, value[name], "", itemName);
  return content;
}

const isList = (value: XmlValue): value is readonly XmlValue[] => Array.isArray(value);

/** Also drops what XML 1.0 cannot hold: a tag with a control character must not make the whole answer unreadable. */
export const escapeXml = (text: string): string =>
  SAFE.test(text) ? text : text.replace(UNSAFE, (char) => ESCAPES[char] ?? "");

/** What nearly every value is made of: looked at once, and left as it is. */
const SAFE = /^[\w .:/@=,+*()-]*$/;

/** Control characters, lone surrogates (both dropped, but for tab and line ends) and what needs an entity. */
const UNSAFE = /[\p{Cc}\p{Cs}\ufffe\uffff&<>"']/gu;

const ESCAPES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  "\t": "\t",
  "\n": "\n",
  "\r": "&#13;",
};
