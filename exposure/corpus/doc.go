// Package corpus makes synthetic Thai people and documents that hold them, in
// every format and encoding that package formats reads, together with what was
// planted, so that precision and recall can be measured (assurance §4.9). For
// tests, benchmarks and demonstrations; no program holds it.
//
// The same seed gives the same documents. Nobody in them exists: names are drawn
// from common ones, and citizen numbers have a right check digit in ranges that
// are not issued (second and third digit 00 to 09, below every province's code).
// Between the people stand hard negatives: milliseconds, 885 barcodes, ISBN,
// parcel and invoice numbers, phone lists of offices.
//
// What it does not cover: handwriting and pictures, typing mistakes, names
// without title, label or header, years of two digits, languages other than Thai
// and English. And it was written by who wrote the rules, so that its figures
// are what the rules can reach where documents look like these, and an upper
// bound elsewhere: seeds other than the one the rules were tried on say how far
// they follow the seed, not how far they follow the author.
package corpus
