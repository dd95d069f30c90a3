// Package exposure finds the personal data that an agency exposes, and proves
// that it is gone: it scans files, folders, and whatever its subpackages fetch,
// scores what it finds by context, column and record, counts distinct people,
// compares with a baseline, and judges whether a takedown is proven (assurance
// §4). For chipproof-office and its store.
//
// A [Scanner] looks through one [Item] at a time and gives an [Outcome]; [Files]
// runs it over folders, can be stopped and goes on through a [State]. A [Tally]
// sums outcomes up. A [Finding] never holds the data: it has a masked value, a
// keyed fingerprint, a place and a snippet in which everything is masked.
//
// Subpackages: detect knows the classes, formats the files, crawl the web and
// APIs, report the output, corpus the synthetic people of the tests. This
// package opens no database and no network connection, prints nothing and
// decides nothing about incidents.
package exposure
