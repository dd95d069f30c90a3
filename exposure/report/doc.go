// Package report writes what a scan came to: JSON in the shape of assurance
// §4.8, SARIF 2.1, CSV, a page of HTML in Thai that begins with the number of
// people, and the agency's official letter; and it reads other tools' SARIF. For
// chipproof-office and its console.
//
// Reports hold no personal data, because findings don't; each is looked through
// once more before it is given out, and one that holds 13 digits in a row is
// refused ([ErrUnsafe]). Nothing is fetched by a reader of the page: style and
// QR code stand in it. Package report signs and sends nothing.
package report
