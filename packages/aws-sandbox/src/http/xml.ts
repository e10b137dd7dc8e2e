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

function xmlContent(value: Exclude<XmlValue, undefined>, itemName: ItemName): string {
  if (isList(value)) return value.map((item) => xmlElement(itemName, item, "", itemName)).join("");
  if (typeof value === "object")
    return Object.entries(value)
      .map(([name, child]) => xmlElement(name, child, "", itemName))
      .join("");
  return escapeXml(String(value));
}

const isList = (value: XmlValue): value is readonly XmlValue[] => Array.isArray(value);

/** Also drops what XML 1.0 cannot hold: a tag with a control character must not make the whole answer unreadable. */
export const escapeXml = (text: string): string => text.replace(UNSAFE, (char) => ESCAPES[char] ?? "");

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
