package office_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"chipproof/exposure"
)

// A scan of one page asks again for what is known of its host, without following
// the links that lead there.
func TestAPageThatAnyoneComesToStaysSoWhenAScanOfAnotherAsksForItByAddress(t *testing.T) {
	a := newAgency(t)
	a.publish("/", `<a href="/list.html">x</a><a href="/other.html">x</a>`)
	a.publish("/list.html", somchai)
	a.publish("/other.html", "ประกาศ")
	a.scan(home)
	before := a.number(home + "list.html")
	assert.Equal(t, exposure.Anonymous, before.Reachability)
	a.scan(home + "other.html")
	after := a.number(home + "list.html")
	assert.Equal(t, exposure.Anonymous, after.Reachability)
	assert.Equal(t, before.Severity, after.Severity)
	assert.Equal(t, exposure.Still, after.State)
	assert.NotEqual(t, before.LastScan, after.LastScan, "it was met")
}
