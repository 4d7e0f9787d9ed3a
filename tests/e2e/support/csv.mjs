/** The rows of a CSV table (RFC 4180) as objects, keyed by the header. */
export function readCsv(text) {
  const cells = /("(?:[^"]|"")*"|[^,\r\n]*)(,|\r\n|$)/g;
  const rows = [[]];
  for (const [whole, cell, end] of text.matchAll(cells)) {
    if (whole === '') break;
    rows.at(-1).push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end === '\r\n') rows.push([]);
  }
  const [titles, ...lines] = rows.filter((row) => row.length > 0);
  return lines.map((line) => Object.fromEntries(titles.map((title, column) => [title, line[column]])));
}
