/** ASCII codes of the sixteen digits, in lower case. */
export const HEX_CODES = Uint8Array.from("0123456789abcdef", (digit) => digit.charCodeAt(0));
