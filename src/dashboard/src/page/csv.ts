/** Rows as CSV (RFC 4180). What a spreadsheet would run as a formula becomes text. */
export const toCsv = (rows: readonly (readonly string[])[]): string => rows.map(cells => `${cells.map(quote).join(',')}\r\n`).join('');

const quote = (text: string): string => `"${/^[=+\-@\t\r]/.test(text) ? '\'' : ''}${text.replaceAll('"', '""')}"`;

/** Saves a file as a download of the browser. */
export function download(name: string, csv: string): void {
  // With a byte order mark, by which spreadsheets know UTF-8.
  const href = URL.createObjectURL(new Blob(['\uFEFF', csv], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = href;
  link.download = name;
  link.click();
  // Not every browser has opened it yet.
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}
