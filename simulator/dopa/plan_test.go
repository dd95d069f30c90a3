package dopa

import (
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"chipproof/simulator"
)

func plan(tb testing.TB, s *Service, yaml string) {
	tb.Helper()
	p, err := ParsePlan([]byte(yaml))
	require.NoError(tb, err, yaml)
	require.NoError(tb, s.SetPlan(p), yaml)
}

// codes is what so many questions are answered with: the code, or the status
// where there is none.
func codes(s *Service, body string, n int) string {
	var all []string
	for range n {
		w := post(s, body)
		if code := member(w.Body.String(), "Code"); code != "missing" {
			all = append(all, code)
			continue
		}
		all = append(all, http.StatusText(w.Code))
	}
	return strings.Join(all, " ")
}

func TestAFaultHappensWhereAndAsOftenAsThePlanSays(t *testing.T) {
	for yaml, want := range map[string]string{
		"[]":                                                                "0 0 0 0",
		"{act: contradiction}":                                              "0 0 0 0",
		"{act: status, status: 503}":                                        "Service Unavailable 0 0 0",
		"{act: status, status: 503, times: 2}":                              "Service Unavailable Service Unavailable 0 0",
		"{act: status, status: 503, from: 3}":                               "0 0 Service Unavailable 0",
		"{act: status, status: 503, until: cleared}":                        "Service Unavailable Service Unavailable Service Unavailable Service Unavailable",
		"{act: status, status: 503, person: default}":                       "Service Unavailable 0 0 0",
		"{act: status, status: 503, person: alien}":                         "0 0 0 0",
		"{act: status, status: 503, person: '1101700230708', from: 2}":      "0 Service Unavailable 0 0",
		"{act: status, status: 503, operation: CheckCardByCID}":             "Service Unavailable 0 0 0",
		"{act: status, status: 503, operation: CheckCardByLaser}":           "0 0 0 0",
		"[{act: status, status: 503}, {act: status, status: 502}]":          "Service Unavailable Bad Gateway 0 0",
		"{act: answer, is_error: 'true', code: '7', desc: <x>, times: 2}":   "7 7 0 0",
		"[{act: delay, ms: 1, until: cleared}, {act: status, status: 502}]": "Bad Gateway 0 0 0",
		"{act: soap_fault}":                                                 "Internal Server Error 0 0 0",
		"{act: html}":                                                       "OK 0 0 0",
		"{act: empty}":                                                      "OK 0 0 0",
		"{act: redirect}":                                                   "Temporary Redirect 0 0 0",
	} {
		s := newService(t)
		plan(t, s, yaml)
		assert.Equal(t, want, codes(s, example, 4), yaml)
	}
}

func TestWhatIsPlayedInPlaceOfAnAnswer(t *testing.T) {
	s := newService(t)
	body := func(yaml string) string {
		plan(t, s, yaml)
		return post(s, example).Body.String()
	}
	assert.Contains(t, body("{act: contradiction}"), "<IsError>true</IsError><ErrorMessage /><Code>0</Code>")
	assert.Contains(t, body("{act: other}"), "CheckCardByLaserResponse")
	assert.Contains(t, body("{act: entities}"), "<!ENTITY")
	assert.Contains(t, body("{act: answer, is_error: maybe, code: x, desc: <&>}"), "<IsError>maybe</IsError><ErrorMessage /><Code>x</Code><Desc>&lt;&amp;&gt;</Desc>")
	assert.Contains(t, body("{act: soap_fault, desc: no database}"), "no database")
	assert.Contains(t, body("{act: html}"), "<!DOCTYPE html>")
	assert.Greater(t, len(body("{act: huge}")), 1<<20)
	assert.Less(t, len(body("{act: huge, bytes: 100}")), 1000)
	assert.NotContains(t, body("{act: half}"), "</soap:Envelope>")
	assert.Empty(t, body("{act: empty}"))
}

func TestPlansThatCannotBeMeantAreRefused(t *testing.T) {
	for yaml, why := range map[string]string{
		"":                                       "nothing in it",
		"act: reset":                             "cannot unmarshal",
		"{}":                                     "act: no act",
		"{act: explode}":                         "no act is called",
		"{act: reset, act: close}":               "already",
		"{act: reset, ms: 5}":                    "says nothing about reset",
		"{act: delay}":                           "missing, delay needs it",
		"{act: delay, ms: 0}":                    "ms: 1 to",
		"{act: slow, ms: -1}":                    "ms: 1 to",
		"{act: answer, code: '0'}":               "is_error: missing",
		"{act: status, status: 200}":             "400 to 599",
		"{act: reset, times: -1}":                "times",
		"{act: reset, times: 1, until: cleared}": "one of them",
		"{act: reset, until: tomorrow}":          "cleared",
		"{act: reset, operation: CheckDeathStatus}":          "operation",
		"{act: huge, bytes: -1}":                             "bytes",
		"{act: reset, reader: 1}":                            "reader",
		"[]\n---\n[]":                                        "more than one document",
		"[" + strings.Repeat("{act: reset},", 1001) + "]":    "at most 1000",
		"[" + strings.Repeat("{act: reset},   ", 5000) + "]": "bytes",
	} {
		_, err := ParsePlan([]byte(yaml))
		require.ErrorIs(t, err, ErrPlanInvalid, yaml)
		assert.ErrorContains(t, err, why, yaml)
	}
	p, err := ParsePlan([]byte("{act: reset, person: nobody}"))
	require.NoError(t, err)
	require.ErrorIs(t, newService(t).SetPlan(p), simulator.ErrPersonUnknown)
}

func TestEveryPlanInTheManualCanBePlayed(t *testing.T) {
	s := newService(t)
	played := map[Act]bool{}
	for _, block := range regexp.MustCompile("(?ms)^```yaml\n(.*?)^```$").FindAllStringSubmatch(faultsManual, -1) {
		p, err := ParsePlan([]byte(block[1]))
		require.NoError(t, err, block[1])
		require.NoError(t, s.SetPlan(p))
		for _, f := range p {
			played[f.Act] = true
		}
	}
	for _, rule := range actRules {
		assert.True(t, played[rule.act], "the manual shows %s", rule.act)
	}
}

func TestADelayTakesItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t)
		s.SetDelay(2 * time.Second)
		plan(t, s, "{act: delay, ms: 3000}")
		for _, want := range []time.Duration{5 * time.Second, 2 * time.Second} {
			start := time.Now()
			assert.Equal(t, "0", codes(s, example, 1))
			assert.Equal(t, want, time.Since(start))
		}
	})
}

func TestFaultsOfTheConnectionAreTrueOnes(t *testing.T) {
	s := newService(t)
	client, url, _ := served(t, s, AnyClient)
	for _, act := range []Act{ActReset, ActClose, ActCut} {
		plan(t, s, "{act: "+string(act)+"}")
		response, err := client.Post(url, "application/soap+xml; charset=utf-8", strings.NewReader(example))
		if err == nil { // a cut comes after the head
			_, err = response.Body.Read(make([]byte, 1))
			for err == nil {
				_, err = response.Body.Read(make([]byte, 1024))
			}
			_ = response.Body.Close() // the connection is gone
		}
		require.Error(t, err, act)
		want := map[Act]string{ActReset: "reset", ActClose: "EOF", ActCut: "unexpected EOF"}[act]
		assert.ErrorContains(t, err, want, act)
	}
	// Over a connection that can't be taken nothing is said, and nothing breaks.
	plan(t, s, "{act: reset}")
	assert.Empty(t, post(s, example).Body.String())
}

func TestAnyPlanThatIsTakenCanBeWrittenAndReadAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		act := rapid.SampledFrom(actRules).Draw(t, "act")
		yaml := "act: " + string(act.act)
		for _, key := range act.must {
			yaml += ", " + key + ": " + map[string]string{"ms": "5", "status": "404", "is_error": "'true'", "code": "'1'"}[key]
		}
		if times := rapid.IntRange(0, 9).Draw(t, "times"); times > 0 {
			yaml += ", times: " + string(rune('0'+times))
		}
		one, err := ParsePlan([]byte("{" + yaml + "}"))
		require.NoError(t, err)
		list, err := ParsePlan([]byte("[{" + yaml + "}]"))
		require.NoError(t, err)
		assert.Equal(t, one, list, "one fault by itself, or a list of one")
	})
}

func FuzzPlan(f *testing.F) {
	for _, block := range regexp.MustCompile("(?ms)^```yaml\n(.*?)^```$").FindAllStringSubmatch(faultsManual, -1) {
		f.Add([]byte(block[1]))
	}
	f.Add([]byte("{act: reset}"))
	f.Add([]byte("- &a {act: reset}\n- *a"))
	f.Fuzz(func(t *testing.T, content []byte) {
		p, err := ParsePlan(content)
		if err != nil {
			require.ErrorIs(t, err, ErrPlanInvalid)
			return
		}
		for _, fault := range p {
			require.NoError(t, fault.checkValues())
			require.LessOrEqual(t, fault.Milliseconds, maxMilliseconds)
		}
	})
}

func TestThePlansOfTheManualsCanBePlayed(t *testing.T) {
	for _, page := range []string{"../../docs/en/dopa.md", "../../docs/th/dopa.md"} {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		played := 0
		for _, m := range regexp.MustCompile(`fault (\{act: [^{}]*\})`).FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(m[1], "…") {
				continue // left to the reader
			}
			_, err := ParsePlan([]byte(m[1]))
			assert.NoError(t, err, "%s: %s", page, m[1])
			played++
		}
		assert.Positive(t, played, page)
		for _, state := range States() {
			assert.Contains(t, string(text), "`"+string(state)+"`", page)
		}
	}
}
