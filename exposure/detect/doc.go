// Package detect finds Thai personal data in a stretch of text: citizen numbers,
// laser codes, phones, names, addresses, bank accounts, passports, birth dates,
// e-mail addresses, payment cards, patient numbers, plates, coordinates and
// secrets (assurance §4.1 to §4.4). For package exposure, which reads files and
// web sites and hands their text over piece by piece.
//
// One loop over the bytes looks for what a candidate begins with; only what
// stands around a candidate is normalised, decoded and scored. No regular
// expression is on that path. A [Hit] says where it stands in the bytes it was
// given, its class, its value, which hides itself, and a score from 0 to 100.
//
// It reads no files, keeps nothing between two texts, and judges no columns or
// records: a hit whose check digit is wrong is reported too, so that the caller
// can count how many of a column are right. A [Detector] is for one goroutine.
package detect
