package formats

import "time"

// Limits are how far a reader goes. A zero member stands for the default.
type Limits struct {
	// File is the largest text file, in bytes. Default: no limit; text is
	// streamed.
	File int64
	// Document is the largest packed or built file (XLSX, DOCX, PDF, and ZIP
	// that is not on disk), in bytes. Default 64 MiB.
	Document int64
	// Unpacked is how much all members of one archive or document may hold.
	// Default 512 MiB.
	Unpacked int64
	// Ratio is the highest factor between packed and unpacked. Default 200;
	// members of less than 1 MiB are not judged.
	Ratio int64
	// Entries of an archive. Default 10,000.
	Entries int
	// Pages of a PDF. Default 5,000.
	Pages int
	// Cells of a spreadsheet. Default 5,000,000.
	Cells int
	// Token is the longest single value of JSON, XML or HTML, in bytes; a file
	// with a longer one is read as text from there. Default 4 MiB.
	Token int64
	// PDF is how long the text of one PDF may take. Default 30 s.
	PDF time.Duration
}

func (l Limits) orDefault() Limits {
	set := func(v *int64, d int64) {
		if *v == 0 {
			*v = d
		}
	}
	set(&l.Document, 64<<20)
	set(&l.Unpacked, 512<<20)
	set(&l.Ratio, 200)
	set(&l.Token, 4<<20)
	for v, d := range map[*int]int{&l.Entries: 10_000, &l.Pages: 5_000, &l.Cells: 5_000_000} {
		if *v == 0 {
			*v = d
		}
	}
	if l.PDF == 0 {
		l.PDF = 30 * time.Second
	}
	return l
}
