package formats

import (
	"archive/zip"
	"context"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// sheet is one worksheet while it is read.
type sheet struct {
	name    string
	row     int64
	col     int
	heads   []string
	headed  bool
	piece   Piece
	comment string // cell whose note is handed over
}

func (s *sheet) Locate(int) Locator {
	if s.comment != "" {
		return Locator{Cell: s.name + "!" + s.comment}
	}
	return Locator{Cell: s.name + "!" + cellName(s.col, s.row)}
}

// xlsx reads a spreadsheet's cells, row by row, hidden ones too, and its notes.
// Raw values are read: what a cell shows of a long number is rounded.
func (r *Reader) xlsx(ctx context.Context, at io.ReaderAt, size int64, z *zip.Reader, sink Sink, inner string, stats *Stats) error {
	if err := r.plausible(z); err != nil {
		return err
	}
	// Both limits alike, so that nothing is unpacked to a temporary file.
	f, err := excelize.OpenReader(io.NewSectionReader(at, 0, size), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: r.limits.Unpacked, UnzipXMLSizeLimit: r.limits.Unpacked,
	})
	if err != nil {
		if errors.Is(err, excelize.ErrWorkbookFileFormat) {
			return &cut{Unsupported}
		}
		return &cut{Unreadable}
	}
	defer f.Close()
	stats.Bytes += size
	cells := r.limits.Cells
	for i, name := range f.GetSheetList() {
		s := &sheet{name: name}
		s.piece = Piece{Inner: inner, Place: s}
		if err := s.read(ctx, f, uint64(i+1), &cells, sink); err != nil {
			return err
		}
	}
	pictures(z, sink)
	return nil
}

// plausible judges an Office file by what its directory says, before a library
// unpacks it.
func (r *Reader) plausible(z *zip.Reader) error {
	total := uint64(0)
	for _, f := range z.File {
		total += f.UncompressedSize64
		packed := max(f.CompressedSize64, 1)
		if f.UncompressedSize64 > ratioFrom && f.UncompressedSize64/packed > uint64(r.limits.Ratio) {
			return &cut{OverLimit}
		}
	}
	if total > uint64(r.limits.Unpacked) {
		return &cut{OverLimit}
	}
	return nil
}

func (s *sheet) read(ctx context.Context, f *excelize.File, number uint64, cells *int, sink Sink) error {
	rows, err := f.Rows(s.name)
	if err != nil {
		return &cut{Unreadable}
	}
	defer rows.Close()
	for rows.Next() {
		if err := ctx.Err(); err != nil {
			return err
		}
		s.row++
		columns, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return &cut{Unreadable}
		}
		if *cells -= len(columns); *cells < 0 {
			return &cut{OverLimit}
		}
		s.header(columns)
		for i, value := range columns {
			s.col = i
			if err := s.hand(value, number, sink); err != nil {
				return err
			}
		}
	}
	if rows.Error() != nil {
		return &cut{Unreadable}
	}
	return s.notes(f, sink)
}

// header takes the first row that has at least two values and no data.
func (s *sheet) header(columns []string) {
	if s.headed {
		return
	}
	filled := 0
	for _, v := range columns {
		if digitsIn([]byte(v)) >= 5 {
			s.headed = true // data already: there is no header
			return
		}
		if v != "" {
			filled++
		}
	}
	if filled >= 2 {
		s.headed = true
		s.heads = append([]string{}, columns...)
	}
}

func (s *sheet) hand(value string, number uint64, sink Sink) error {
	if len(value) < 4 {
		return nil
	}
	s.piece.Header = ""
	if s.col < len(s.heads) && value != s.heads[s.col] {
		s.piece.Header = s.heads[s.col]
	}
	s.piece.Bytes = []byte(plainNumber(value, s.piece.Header))
	s.piece.Column = number<<16 | uint64(s.col+1)
	s.piece.Record = number<<40 | uint64(s.row)
	return sink.Piece(&s.piece)
}

// plainNumber writes 1.101700230708E12 out, and the serial number of a day under
// a header for birth dates as that day.
func plainNumber(value, header string) string {
	if strings.ContainsAny(value, "Ee") && strings.ContainsAny(value, "123456789") {
		if v, err := strconv.ParseFloat(value, 64); err == nil && v == math.Trunc(v) && math.Abs(v) < 1e18 {
			return strconv.FormatFloat(v, 'f', -1, 64)
		}
	}
	low := strings.ToLower(header)
	if strings.Contains(low, "เกิด") || strings.Contains(low, "birth") || strings.Contains(low, "dob") {
		if v, err := strconv.ParseFloat(value, 64); err == nil && v > 3000 && v < 250_000 {
			if day, err := excelize.ExcelDateToTime(v, false); err == nil {
				return day.Format(time.DateOnly)
			}
		}
	}
	return value
}

func (s *sheet) notes(f *excelize.File, sink Sink) error {
	comments, err := f.GetComments(s.name)
	if err != nil {
		return nil // notes that can't be parsed hide no cells
	}
	s.piece.Header, s.piece.Column, s.piece.Record = "", 0, 0
	for _, c := range comments {
		text := c.Text
		for _, run := range c.Paragraph {
			text += run.Text
		}
		s.comment = c.Cell
		s.piece.Bytes = []byte(text)
		if err := sink.Piece(&s.piece); err != nil {
			return err
		}
	}
	s.comment = ""
	return nil
}
