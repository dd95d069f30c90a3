package counter

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// The remedy of read_already is the clerk's click, so the clerk must hear of it.
func TestTheConsoleAloneHearsThatASiteWantsOneMoreAnswer(t *testing.T) {
	p := proving(t, setup{})
	mine := p.follow(fromSite)
	console := p.follow("Cookie: "+p.console.cookie, "Sec-Fetch-Site: same-origin", "Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: empty")
	assert.Equal(t, 200, p.site.proves("purpose", "chip_only").status)
	p.site.proves("purpose", "chip_only").says(t, 409, "read_already", "")
	assert.JSONEq(t, `{"origin":"`+site+`","reader":"`+reader+`"}`, console.until("read_already").data)
	assert.NoError(t, p.machine.Remove(reader))
	for e := mine.next(); e.name != "card_removed"; e = mine.next() {
		assert.NotEqual(t, "read_already", e.name, "a page was answered, and hears no more")
	}
}
