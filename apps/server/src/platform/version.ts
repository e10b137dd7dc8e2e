/** Equal to package.json's, which a bundle cannot read; a test compares them. Shown to AWS in the user agent. */
export const VERSION = "0.1.0";
