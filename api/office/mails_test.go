package office_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api/office"
)

// unreachable is a list whose first rows have neither address nor e-mail.
func unreachable(first, then int) string {
	var b strings.Builder
	b.WriteString("name,address,email\n")
	for n := range first {
		fmt.Fprintf(&b, "a%d,,\n", n)
	}
	for n := range then {
		fmt.Fprintf(&b, "b%d,here,b%d@example.org\n", n, n)
	}
	return base64.StdEncoding.EncodeToString([]byte(b.String()))
}

type run struct {
	Letters, Last, Left int
	Delivered           struct {
		Done []struct {
			From, To int
			Status   string
		}
	}
}

func TestRowsWithoutAnAddressKeepNobodyElseFromTheirMail(t *testing.T) {
	r := newRegister(t)
	id := r.opened()
	r.toTold(id)
	body := map[string]any{"list": 1, "csv": unreachable(45, 3)}
	parts := 0
	for got := (run{Left: 1}); got.Left > 0; parts++ {
		require.Less(t, parts, 5, "it comes to an end")
		body["after"] = got.Last
		got = into[run](t, r.dpo.post("/v1/incidents/"+id+"/mails", body))
	}
	assert.Equal(t, []string{"b0@example.org", "b1@example.org", "b2@example.org"}, r.mail.to)
	d := into[detail](t, r.dpo.get("/v1/incidents/"+id))
	assert.Equal(t, struct{ Number, Rows, Sent, Failed, Pending int }{1, 48, 3, 45, 0}, d.Known.Lists[0])
}

func TestThousandsOfRowsWithoutAnAddressKeepNobodyElseFromTheirLetter(t *testing.T) {
	r := newRegister(t)
	id := r.opened()
	r.toTold(id)
	body := map[string]any{"list": 1, "csv": unreachable(1000, 2)}
	got := into[run](t, r.dpo.post("/v1/incidents/"+id+"/letters", body))
	assert.Equal(t, [3]int{0, 1000, 2}, [3]int{got.Letters, got.Last, got.Left})
	body["after"] = got.Last
	got = into[run](t, r.dpo.post("/v1/incidents/"+id+"/letters", body))
	assert.Equal(t, [3]int{2, 1002, 0}, [3]int{got.Letters, got.Last, got.Left})
}

func TestASlowMailServerEndsTheRunAndWhatWentOutIsToldAndRecorded(t *testing.T) {
	r := newRegister(t, func(o *office.IncidentOptions) { o.MailTime = time.Nanosecond })
	id := r.opened()
	r.toTold(id)
	got := into[run](t, r.dpo.post("/v1/incidents/"+id+"/mails", map[string]any{"list": 1, "csv": unreachable(0, 30)}))
	assert.Len(t, r.mail.to, 1, "one goes out whatever the time")
	assert.Equal(t, 29, got.Left)
	require.Len(t, got.Delivered.Done, 1)
	d := into[detail](t, r.dpo.get("/v1/incidents/"+id))
	assert.Equal(t, struct{ Number, Rows, Sent, Failed, Pending int }{1, 30, 1, 0, 29}, d.Known.Lists[0])
}

func TestNobodyIsWrittenToTwiceByTwoRunsAtOnce(t *testing.T) {
	r := newRegister(t)
	id := r.opened()
	r.toTold(id)
	body := map[string]any{"list": 1, "csv": unreachable(0, 3)}
	other := answer{}
	r.mail.during = func() {
		if other.status == 0 {
			other.status = 1
			other = r.dpo.post("/v1/incidents/"+id+"/mails", body)
		}
	}
	into[run](t, r.dpo.post("/v1/incidents/"+id+"/mails", body))
	refused(t, other, 409, "incident_changed")
	assert.Len(t, r.mail.to, 3)
}

func TestAnUploadIsHeldToItsFormBeforeALetterLeaves(t *testing.T) {
	r := newRegister(t)
	id := r.opened()
	r.toTold(id)
	for field, value := range map[string]any{"list": 0, "after": -1, "digits": "roman", "format": "exe", "number": strings.Repeat("9", 101)} {
		for _, way := range []string{"mails", "letters"} {
			body := map[string]any{"list": 1, "csv": unreachable(0, 3), field: value}
			p := refused(t, r.dpo.post("/v1/incidents/"+id+"/"+way, body), 400, "body_invalid")
			assert.Equal(t, field, p.Field)
		}
	}
	refused(t, r.dpo.post("/v1/incidents/"+id+"/mails", map[string]any{"list": -1, "csv": unreachable(0, 3)}), 400, "body_invalid")
	assert.Empty(t, r.mail.to)
	assert.Empty(t, into[detail](t, r.dpo.get("/v1/incidents/"+id)).Known.Lists)
}
