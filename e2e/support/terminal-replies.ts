/** What a terminal may answer: device, cursor and mode reports, colours, settings. Nobody types these in the tests. */
const [ESC, BEL] = ["\u001b", "\u0007"];
export const REPLIES = new RegExp(`${ESC}(\\[[?>=]?[\\d;]*\\$?[cRnyt]|[\\]P][^${BEL}${ESC}]*(${BEL}|${ESC}\\\\))`, "g");
