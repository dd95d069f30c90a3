package detect

// Text is a stretch of text to look through.
type Text struct {
	// Bytes is UTF-8. Invalid bytes are passed over.
	Bytes []byte
	// Skip is how many bytes at the beginning were looked through before and
	// are here for the words in them.
	Skip int
	// Header is what stands above or before the text in a table or a tree: a
	// column's header, a JSON key, an XML element, an attribute's name. Empty
	// where the text says itself what it is.
	Header string
	// Loose says that spaces may have been lost, as in the text of a PDF.
	Loose Looseness
}

// Looseness says whether spaces between words can be relied on.
type Looseness uint8

const (
	// Spaced text has its spaces.
	Spaced Looseness = iota
	// Unspaced text may have lost some (PDF, assurance §4.5).
	Unspaced
)

// Threshold is the score from which a hit is a finding.
const Threshold = 50

// Hit is a candidate. It may be weak: what the caller knows of its column and
// record is added to the score, and only then compared with [Threshold].
type Hit struct {
	Class      Class
	Start, End int // in Text.Bytes
	Value      Value
	Score      int // before column and record; not yet held between 0 and 100
	// Checked says that a check digit fits, for classes that have one.
	Checked bool
	// Bare says that neither a word, a header nor the way it is written speaks
	// for the class, so that only the column can tell.
	Bare bool
	// Odd says that a number is written in groups that are not usual for it, so
	// that a column of such tells nothing.
	Odd bool
	// Firm says that something speaks for the class beyond doubt, so that a
	// column's low share of right check digits takes nothing away.
	Firm bool
	// Rule is the name of the rule, for [Secret].
	Rule string
}

// Miss is a candidate that has the form of a citizen number and a wrong check
// digit. Callers count misses; they are no findings.
type Miss struct {
	Start, End int
	// Explained says that words or a header tell what it is instead.
	Explained bool
}

// Found takes what a [Detector] finds.
type Found interface {
	// Hit takes a candidate, in the order of the text. The Hit is the
	// callee's.
	Hit(Hit)
	// Miss takes a number of 13 digits that is none.
	Miss(Miss)
}
