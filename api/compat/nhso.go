package compat

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"chipproof/api"
	"chipproof/cardreader"
	"chipproof/proofing"
	"chipproof/proofing/thaiid"
)

// registerNHSO puts in what of that agent's interface can be answered by a card.
func registerNHSO(s *api.Server, p *Ports) {
	read := []string{"compat_read", "read_failed"}
	api.HandleForeign(s, route("/api/smartcard/terminals", "nhso-terminals"), p.terminals)
	card := route("/api/smartcard/read-card-only", "nhso-read-card-only")
	card.Audit = read
	api.HandleForeign(s, card, func(ctx context.Context, query url.Values) (api.Foreign, error) {
		return p.readNHSO(ctx, query, "")
	})
	// The other agent asks NHSO besides. We don't, and say so in the answer.
	whole := route("/api/smartcard/read", "nhso-read")
	whole.Audit = read
	api.HandleForeign(s, whole, func(ctx context.Context, query url.Values) (api.Foreign, error) {
		return p.readNHSO(ctx, query, cardOnly.In(api.CallerOf(ctx).Lang))
	})
}

// cardOnly stands in answers from which the part is missing that NHSO has online.
var cardOnly = api.Text{
	TH: "ข้อมูลจากบัตรเท่านั้น chipproof ไม่ตรวจสอบสิทธิกับ สปสช. และไม่ออกเลขอนุมัติ (claim code)",
	EN: "From the card alone: chipproof asks NHSO for no rights and makes no claim code.",
}

// terminal is a reader as that agent names it.
type terminal struct {
	TerminalName string `json:"terminalName"`
	IsPresent    bool   `json:"isPresent"`
}

func (p *Ports) terminals(ctx context.Context, _ url.Values) (api.Foreign, error) {
	states, err := p.o.Desk.States(ctx)
	if err != nil {
		return p.failNHSO(ctx, err)
	}
	list := make([]terminal, 0, len(states))
	for _, s := range states {
		list = append(list, terminal{s.Reader, s.Card != cardreader.Absent})
	}
	return answer(http.StatusOK, list)
}

// readNHSO gives the person, from the chip or out of what is kept.
func (p *Ports) readNHSO(ctx context.Context, query url.Values, message string) (api.Foreign, error) {
	withImage := query.Get("readImageFlag") == "true"
	ask := proofing.PortRead{Port: string(NHSO), Fields: nhsoFields(withImage)}
	a, err := p.current(ctx, ask)
	if err != nil {
		return p.failNHSO(ctx, err)
	}
	// It may have been waited for: nothing is given in the name of who left.
	if err := api.Still(ctx); err != nil {
		return api.Foreign{}, fmt.Errorf("release read: %w", err)
	}
	api.AfterAnswer(ctx, func(left bool) {
		if left {
			a.settle(true)
		}
	})
	return answer(http.StatusOK, nhsoPerson(a.Identity, withImage, message))
}

// current is an answer of the card that is in. What is kept may be of one that has
// just been changed: then the new one is read.
func (p *Ports) current(ctx context.Context, ask proofing.PortRead) (*kept, error) {
	for tries := 0; ; tries++ {
		a, err := p.keeps.get(ctx, func(ctx context.Context) (proofing.PortAnswer, error) {
			return p.o.Desk.ReadForPort(ctx, ask)
		})
		if err != nil {
			return nil, err
		}
		if err = p.stillIn(ctx, a); err == nil || tries > 0 {
			return a, err
		}
	}
}

func nhsoFields(withImage bool) []thaiid.Field {
	fields := []thaiid.Field{thaiid.FieldCitizenID, thaiid.FieldName, thaiid.FieldBirthDate, thaiid.FieldSex}
	if withImage {
		fields = append(fields, thaiid.FieldPhoto)
	}
	return fields
}

// stillIn says whether the card that was read is in its reader. Its removal drops
// the answer, too, but that news may come a moment later.
func (p *Ports) stillIn(ctx context.Context, a *kept) error {
	states, err := p.o.Desk.States(ctx)
	if err != nil {
		return err
	}
	for _, s := range states {
		if s.Reader == a.Insertion.Reader && s.Counter == a.Insertion.Counter && s.Card == cardreader.Present {
			return nil
		}
	}
	p.keeps.drop(api.CallerOf(ctx).Origin, a)
	return fmt.Errorf("look at insertion: %w", cardreader.ErrCardAbsent)
}

// nhsoError is how that agent says that something is wrong.
type nhsoError struct {
	Status  int      `json:"status"`
	Error   string   `json:"error"`
	Message string   `json:"message"`
	Errors  []string `json:"errors"`
}

func (p *Ports) failNHSO(ctx context.Context, err error) (api.Foreign, error) {
	f := failureOf(p.o.Problems, err, api.CallerOf(ctx).Lang)
	if f == nil || ctx.Err() != nil {
		return api.Foreign{}, err
	}
	a, err := answer(f.status, nhsoError{Status: f.status, Error: f.code, Message: f.message, Errors: []string{}})
	a.Code = f.code
	return a, err
}
