// The frame of the sandbox's own pages: plain HTML without scripts, in the browser's light or dark.
import type { HttpReply } from "./protocol.ts";

const STYLE = `body{color:#16181d;background:#f7f8fa;font:15px/1.5 system-ui,sans-serif;margin:2rem auto;padding:0 1rem}
button,select,input,textarea{font:inherit;color:inherit;background:#fff;border:1px solid #7c828d;border-radius:4px;padding:.15rem .6rem}
button{background:#e7e9ee;cursor:pointer}summary{padding:.15rem 0;cursor:pointer}:focus-visible{outline:2px solid #0b57d0;outline-offset:2px}.hint{color:#4d535f}
@media(prefers-color-scheme:dark){body{color:#e9ebf0;background:#101216;color-scheme:dark}.hint{color:#a4abb8}
button,select,input,textarea{background:#1b1e24;border-color:#8a92a0}button{background:#2a2e36}:focus-visible{outline-color:#8ab4f8}}`;

/**
 * @param style of this page, besides what all have
 * @param content HTML: every text of somebody else is escaped already
 */
export function htmlPage(
  status: number,
  { title, style, content }: { title: string; style: string; content: string },
): HttpReply {
  return {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      // `form-action`: a form goes to this sandbox and nowhere else; nobody may frame it.
      "content-security-policy":
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      // With `no-referrer` the browser would say Origin: null, and the form could not be told from a foreign one.
      "referrer-policy": "same-origin",
    },
    body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${STYLE}${style}</style></head><body><main><h1>${title}</h1>${content}</main></body></html>\n`,
  };
}
