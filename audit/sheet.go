package audit

import (
	"encoding/base32"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// Sheet is the day-end sheet (สรุปสิ้นวัน): the log's head on one page, as a QR
// code and as words that a person can type. Printed, signed and filed it is a
// witness that costs nothing (assurance §5.1). It holds no person.
type Sheet struct {
	Log     string    `json:"log"` // name of the log
	Day     string    `json:"day"` // 2026-11-25, where the log is kept
	Entries int64     `json:"entries"`
	Root    tlog.Hash `json:"root"`
	QR      string    `json:"qr"`
	Words   []string  `json:"words"`
}

// NewSheet makes the sheet of a day, in the place where the log is kept.
// Error: [ErrInvalid] for a day before 2000 or after 2179, or a log too large.
func NewSheet(k *Key, head Head, day time.Time) (Sheet, error) {
	year, month, date := day.Date()
	start := time.Date(year, month, date, 0, 0, 0, 0, time.UTC)
	if days := start.Sub(dayZero) / (24 * time.Hour); days < 0 || days > maxDay || head.Size < 0 || head.Size >= maxSize {
		return Sheet{}, fmt.Errorf("make sheet: %w", ErrInvalid)
	}
	return Sheet{
		Log: k.name, Day: start.Format(time.DateOnly), Entries: head.Size, Root: head.Root,
		QR: formatQR(start, head, k.KeyHash()), Words: formatWords(start, head, k.KeyHash()),
	}, nil
}

// The text of the QR code has only what QR's alphanumeric mode has, so that the
// code stays small: prefix and version, key, day, size, root and a check value.
const (
	qrPrefix = "CHIPPROOF-AUDIT:1:"
	qrDay    = "20060102"
)

var qrBase32 = base32.StdEncoding.WithPadding(base32.NoPadding)

func formatQR(day time.Time, h Head, key uint32) string {
	body := fmt.Sprintf("%s%08X:%s:%d:%s", qrPrefix, key, day.Format(qrDay), h.Size, qrBase32.EncodeToString(h.Root[:]))
	return body + ":" + qrCheck(body)
}

func qrCheck(body string) string { return qrBase32.EncodeToString(sheetCheck([]byte(body), 0)) }

// parseQR takes the text of the code, in any case, with white space around it.
func parseQR(text string, key uint32) (Sighting, error) {
	text = strings.ToUpper(strings.TrimSpace(text))
	parts := strings.Split(strings.TrimPrefix(text, qrPrefix), ":")
	if len(parts) != 5 {
		return Sighting{}, fmt.Errorf("read QR text: %w", ErrWitnessInvalid)
	}
	day, badDay := time.Parse(qrDay, parts[1])
	size, badSize := strconv.ParseInt(parts[2], 10, 64)
	root, badRoot := qrBase32.DecodeString(parts[3])
	if badDay != nil || badSize != nil || badRoot != nil || len(root) != tlog.HashSize || size < 0 || size >= maxSize {
		return Sighting{}, fmt.Errorf("read QR text: %w", ErrWitnessInvalid)
	}
	if formatQR(day, Head{Size: size, Root: tlog.Hash(root)}, key) != text {
		return Sighting{}, fmt.Errorf("read QR text: %w: mistyped, or of another log", ErrWitnessInvalid)
	}
	return sighting(day, size, root), nil
}

// thaiMonths are for the date on the sheet, in the Buddhist era.
var thaiMonths = [...]string{
	"มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
	"กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
}

// ThaiDay is the sheet's day as on a Thai letter: 25 พฤศจิกายน 2569.
func (s Sheet) ThaiDay() string {
	day, err := time.Parse(time.DateOnly, s.Day)
	if err != nil { // not from NewSheet
		return s.Day
	}
	return fmt.Sprintf("%d %s %d", day.Day(), thaiMonths[day.Month()-1], day.Year()+543)
}

// Text is the sheet for a terminal or a line printer: Thai and English, the
// words in rows of four, the QR code drawn with block characters.
func (s Sheet) Text() (string, error) {
	code, err := s.blocks()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "สรุปสิ้นวัน / Day-end sheet\n\n")
	fmt.Fprintf(&b, "บันทึก / log:      %s\n", s.Log)
	fmt.Fprintf(&b, "วันที่ / day:       %s (%s)\n", s.ThaiDay(), s.Day)
	fmt.Fprintf(&b, "รายการ / entries: %d\n", s.Entries)
	fmt.Fprintf(&b, "ราก / root:       %s\n\n", s.Root)
	for i, w := range s.Words {
		fmt.Fprintf(&b, "%2d %s", i+1, w)
		if i%4 == 3 {
			b.WriteString("\n")
		} else {
			b.WriteString("   ")
		}
	}
	fmt.Fprintf(&b, "\n%s\n%s\n", code, s.QR)
	fmt.Fprintf(&b, "ลงชื่อ / signed: ______________________  ตำแหน่ง / position: ______________________\n")
	return b.String(), nil
}
