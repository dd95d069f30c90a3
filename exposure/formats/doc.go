// Package formats reads the files in which agencies keep and publish data and
// hands their text over piece by piece: text, HTML, JSON and NDJSON, XML, CSV
// and TSV, XLSX, DOCX, the text of PDFs, and ZIP archives one level deep, in
// UTF-8, UTF-16 or TIS-620/CP874 (assurance §4.5). For package exposure, which
// looks for personal data in the pieces.
//
// A [Piece] knows what stands above it (a column's header, a key), which column
// and record it belongs to, and where each of its bytes stands in the original
// file. Text formats are streamed: whatever a file's size, memory stays flat.
// What is packed or built in memory (XLSX, DOCX, PDF, ZIP) has limits on bytes,
// ratio, entries, pages and time ([Limits]), and beyond them is reported as not
// read, like images, pages of a PDF that are one, encrypted files and archives in
// archives.
//
// It judges nothing, keeps nothing, writes nothing to disk, and trusts no
// file's name, declared size or encoding. What can't be parsed is read as text.
package formats
