/** Hands a text over to the browser's downloads. @param type MIME type */
export function saveFile(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // the download has its own hold on the data by the next task
  setTimeout(() => URL.revokeObjectURL(url));
}
