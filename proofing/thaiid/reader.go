package thaiid

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"chipproof/apdu"
)

// raw is what one read brought, undecoded.
type raw struct {
	plan plan // the one that the card's version called for
	moi  memory

	cplc  []byte  // nil: not to be had
	laser []byte  // nil: not to be had
	nhso  *memory // nil: the card has none, or
	// it has the applet and refuses to be read.
	nhsoRefused bool
}

// reader is one read of one card.
type reader struct {
	ch       *apdu.Channel
	fields   Fields
	progress func(Progress)
	done     int
}

// read brings all bytes of what was asked for. It stops at the first error, but
// for this: whether the card is a Thai one is known only after the other
// applets were asked, so a wrong answer of theirs waits until then.
func (r *reader) read(ctx context.Context) (*raw, error) {
	out := &raw{plan: plan{layout: MOI, fields: r.fields}}
	applets := r.others(ctx, out)
	if _, answered := errors.AsType[*ReadError](applets); applets != nil && !answered {
		return nil, applets
	}
	if err := r.selectMOI(ctx); err != nil {
		return nil, err
	}
	if applets != nil {
		return nil, applets
	}
	if err := r.fill(ctx, &out.plan, &out.moi, 1, r.knowVersion); err != nil {
		return nil, err
	}
	if err := r.sameNumber(ctx, out); err != nil {
		return nil, err
	}
	return out, nil
}

func (r *reader) selectMOI(ctx context.Context) error {
	err := r.ch.Run(ctx, selectApplet(AIDMOI))
	if status, ok := errors.AsType[apdu.Status](err); ok {
		return fmt.Errorf("select the identity applet: %w: %w", ErrUnsupported, status)
	}
	if err != nil {
		return blame("", err)
	}
	return nil
}

// fill reads all that the plan wants into mem. later is how many reads follow
// this applet's, for the progress. after looks at the bytes after each read and
// may change the plan.
func (r *reader) fill(ctx context.Context, p *plan, mem *memory, later int, after func(*plan, *memory) error) error {
	reads := p.remaining(mem)
	for len(reads) > 0 {
		next := reads[0]
		data, err := r.binary(ctx, next)
		if refused(err) && !p.single && p.merges(next) {
			p.single = true
			reads = p.remaining(mem)
			continue
		}
		if err != nil {
			return blame(p.first(next), err)
		}
		mem.add(next.from, data)
		if err := after(p, mem); err != nil {
			return err
		}
		reads = p.remaining(mem)
		r.step(len(reads) + later)
	}
	return nil
}

// knowVersion changes the plan once the version has been read. It lies at the
// same place in every layout and in the first read of every plan.
func (r *reader) knowVersion(p *plan, mem *memory) error {
	switch version := p.part(mem, PartVersion); string(version) {
	case Version0003:
		return nil
	case Version0002:
		if _, has := p.segment(PartPhotoNumber); has { // the plan is still the one of 0003
			*p = plan{layout: MOI0002, fields: p.fields}
		}
		return nil
	}
	return fmt.Errorf("read %s: %w", PartVersion, ErrUnsupported)
}

// sameNumber reads the citizen number again: a card swapped in mid-read is
// noticed even where no reader reports it.
func (r *reader) sameNumber(ctx context.Context, got *raw) error {
	s, _ := got.plan.segment(PartCitizenID)
	again, err := r.binary(ctx, s.extent())
	if err != nil {
		return blame(PartCitizenID, err)
	}
	if !bytes.Equal(again, got.plan.part(&got.moi, PartCitizenID)) {
		return ErrChanged
	}
	r.step(0)
	return nil
}

// binary is one READ: the offset in P1 P2, the length as data, no Le (§2).
func (r *reader) binary(ctx context.Context, e extent) ([]byte, error) {
	data, err := r.ch.Do(ctx, apdu.Command{
		CLA: 0x80, INS: 0xB0 + byte(e.from>>16), P1: byte(e.from >> 8), P2: byte(e.from),
		Data: []byte{0x00, byte(e.length())},
	})
	if err != nil {
		return nil, err
	}
	if len(data) != e.length() {
		return nil, lengthError{len(data), e.length()}
	}
	return data, nil
}

func selectApplet(aid []byte) apdu.Command {
	return apdu.Command{INS: 0xA4, P1: 0x04, Data: aid}
}

// step reports one more read, with so many to come.
func (r *reader) step(left int) {
	r.done++
	if r.progress != nil {
		r.progress(Progress{Step: r.done, Of: r.done + left})
	}
}
