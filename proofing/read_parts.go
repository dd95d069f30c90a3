package proofing

import (
	"context"
	"fmt"
	"slices"
	"time"

	"chipproof/cardreader"
	"chipproof/proofing/thaiid"
)

// textTime is the longest that whoever is told of the text keeps the card
// waiting: Windows resets one that is left idle in a transaction for 5 s.
const textTime = 2 * time.Second

// photoSteps is how many steps a full-size photo takes after the text, for the
// progress until the photo's own length is known.
const photoSteps = 22

// parts is a read of text and photo as two reads of one insertion, each whole and
// with its own look at the number in the end (docs/adr 0013). So somebody can be
// told of the text before the photo is there, and no half identity leaves thaiid.
type parts struct {
	o ReadOptions
	// told is the number that the text named that somebody was told of.
	told string
}

// inParts says whether a read goes in two: somebody wants to be told of the text,
// there is text and photo, and the number that ties them together.
func (o ReadOptions) inParts() bool {
	return o.Text != nil && o.Fields.Has(thaiid.FieldPhoto) && o.Fields.Has(thaiid.FieldCitizenID)
}

// read is both reads. After a reset of the card it is called once more; the text is
// told once, and the second one must name the same person.
func (p *parts) read(ctx context.Context, session *cardreader.Session) (*thaiid.Identity, error) {
	first := p.o
	first.Fields = slices.DeleteFunc(slices.Clone(p.o.Fields), func(f thaiid.Field) bool { return f == thaiid.FieldPhoto })
	done := 0
	first.Progress = func(s thaiid.Progress) {
		done = s.Of
		p.progress(thaiid.Progress{Step: s.Step, Of: s.Of + photoSteps})
	}
	text, err := readOnce(ctx, session, first)
	if err == nil {
		err = p.tell(ctx, session, text)
	}
	if err != nil {
		return nil, err
	}
	second := p.o
	second.Fields = thaiid.Fields{thaiid.FieldCitizenID, thaiid.FieldPhoto}
	second.Progress = func(s thaiid.Progress) { p.progress(thaiid.Progress{Step: done + s.Step, Of: done + s.Of}) }
	photo, err := readOnce(ctx, session, second)
	if err != nil {
		return nil, err
	}
	if photo.CitizenID.Reveal() != text.CitizenID.Reveal() {
		return nil, fmt.Errorf("compare text and photo: %w", thaiid.ErrChanged)
	}
	return joined(text, photo, p.o.Fields), nil
}

// tell tells of the text, once it is sure that the card that said it is in.
func (p *parts) tell(ctx context.Context, session *cardreader.Session, text *thaiid.Identity) error {
	number := text.CitizenID.Reveal()
	if p.told != "" {
		if p.told != number {
			return fmt.Errorf("compare text: %w", thaiid.ErrChanged)
		}
		return nil
	}
	if err := session.Unchanged(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, textTime)
	defer cancel()
	if err := p.o.Text(ctx, text); err != nil {
		return fmt.Errorf("tell of text: %w", err)
	}
	p.told = number
	return nil
}

func (p *parts) progress(s thaiid.Progress) {
	if p.o.Progress != nil {
		p.o.Progress(s)
	}
}

// joined is the text of one read with the photo of another.
func joined(text, photo *thaiid.Identity, fields thaiid.Fields) *thaiid.Identity {
	both := *text
	both.Fields, both.Photo = slices.Clone(fields), photo.Photo
	both.Findings = slices.Clone(text.Findings)
	for _, f := range photo.Findings {
		if fieldOf(f.Field) == thaiid.FieldPhoto {
			both.Findings = append(both.Findings, f)
		}
	}
	return &both
}
