package issuer

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/simulator"
	"chipproof/simulator/dopa"
)

func TestEveryStateOfACardIsTold(t *testing.T) {
	bothVersions(t, func(soap func(*Options), version Version) {
		b := newBench(t, soap)
		for state, want := range map[dopa.State]Answer{
			dopa.Normal:     {Outcome: Passed, Code: "0", Desc: "สถานะปกติ"},
			dopa.Moved:      {Outcome: Failed, Code: "2", Desc: "บัตรสิ้นสภาพการใช้งาน เนื่องจากกรณี การเปลี่ยนที่อยู่"},
			dopa.NotFound:   {Outcome: Failed, Code: "4", Desc: "สถานะไม่ปกติ => ไม่พบข้อมูล"},
			dopa.Incomplete: {Outcome: Indeterminate, Code: "5", Desc: "ข้อมูลที่ใช้ในการตรวจสอบไม่ครบ"},
			dopa.Lost:       {Outcome: Indeterminate, Code: "1", Desc: "บัตรสิ้นสภาพการใช้งาน เนื่องจากกรณี บัตรหาย"},
			dopa.Cancelled:  {Outcome: Indeterminate, Code: "3", Desc: "บัตรสิ้นสภาพการใช้งาน เนื่องจากกรณี ยกเลิกบัตร"},
		} {
			require.NoError(t, b.service.SetState("default", state))
			want.At = noon
			got, err := b.CheckCID(t.Context(), inserted(t, "default"))
			require.NoError(t, err, "%s %s", version, state)
			assert.Equal(t, want, got, "%s %s", version, state)
		}
	})
}

func TestEverybodyWhoShipsIsAskedAboutByChip(t *testing.T) {
	b := newBench(t)
	for _, p := range people() {
		answer, err := b.CheckCID(t.Context(), inserted(t, p.Key))
		if p.Key == "sparse" { // without a request number
			require.ErrorIs(t, err, ErrIncomplete)
			continue
		}
		require.NoError(t, err, p.Key)
		assert.Equal(t, Passed, answer.Outcome, p.Key)
	}
}

func TestAnotherChipWithTheSameNumberIsNotTheSameCard(t *testing.T) {
	b := newBench(t)
	answer, err := b.CheckCID(t.Context(), inserted(t, "default", func(p *simulator.Person) { p.Chip.Number = "fedcba9876543210" }))
	require.NoError(t, err)
	assert.Equal(t, Failed, answer.Outcome)
	assert.Equal(t, "สถานะไม่ปกติ => ข้อมูลไม่ตรง", answer.Desc)
}

func TestTheLaserRoadIsAskedInBothVersions(t *testing.T) {
	bothVersions(t, func(soap func(*Options), version Version) {
		b := newBench(t, soap)
		answer, err := b.CheckLaser(t.Context(), typed(t, "default"))
		require.NoError(t, err, version)
		assert.Equal(t, Passed, answer.Outcome)

		other := typed(t, "default")
		other.Laser = Hide("JT0000000000")
		answer, err = b.CheckLaser(t.Context(), other)
		require.NoError(t, err)
		assert.Equal(t, Answer{Outcome: Failed, Code: "4", Desc: "สถานะไม่ปกติ => ไม่พบเลข Laser จาก PID นี้", At: noon}, answer)

		other = typed(t, "default")
		other.FirstName = Hide("สมหมาย")
		answer, err = b.CheckLaser(t.Context(), other)
		require.NoError(t, err)
		assert.Equal(t, Failed, answer.Outcome)
	})
}

// What goes wrong, once or for good, and what becomes of it; asked says how often
// the service was asked.
func TestWhatGoesWrongIsNeverAWordAboutTheCard(t *testing.T) {
	for _, row := range []struct {
		plan  string
		want  Answer
		err   error
		asked int
	}{
		// Faults of the connection: one retry, and no second one.
		{plan: "{act: reset}", want: Answer{Outcome: Passed, Code: "0"}, asked: 2},
		{plan: "{act: close}", want: Answer{Outcome: Passed, Code: "0"}, asked: 2},
		{plan: "{act: cut}", want: Answer{Outcome: Passed, Code: "0"}, asked: 2},
		{plan: "{act: status, status: 503}", want: Answer{Outcome: Passed, Code: "0"}, asked: 2},
		{plan: "{act: reset, times: 2}", err: ErrUnreachable, asked: 2},
		{plan: "{act: close, times: 2}", err: ErrUnreachable, asked: 2},
		{plan: "{act: cut, times: 2}", err: ErrUnreachable, asked: 2},
		{plan: "{act: status, status: 502, times: 2}", err: ErrUnreachable, asked: 2},
		{plan: "[{act: reset}, {act: status, status: 504}]", err: ErrUnreachable, asked: 2},
		// Nonsense: no retry.
		{plan: "{act: status, status: 500}", err: ErrAnswer, asked: 1},
		{plan: "{act: status, status: 403}", err: ErrAnswer, asked: 1},
		{plan: "{act: status, status: 404}", err: ErrAnswer, asked: 1},
		{plan: "{act: redirect}", err: ErrAnswer, asked: 1},
		{plan: "{act: html}", err: ErrAnswer, asked: 1},
		{plan: "{act: empty}", err: ErrAnswer, asked: 1},
		{plan: "{act: half}", err: ErrAnswer, asked: 1},
		{plan: "{act: other}", err: ErrAnswer, asked: 1},
		{plan: "{act: entities}", err: ErrAnswer, asked: 1},
		{plan: "{act: huge}", err: ErrAnswer, asked: 1},
		{plan: "{act: huge, bytes: 65536}", err: ErrAnswer, asked: 1},
		{plan: "{act: answer, is_error: maybe, code: '0'}", err: ErrAnswer, asked: 1},
		{plan: "{act: answer, is_error: 'false', code: ''}", err: ErrAnswer, asked: 1},
		// Answers that say nothing: no retry.
		{plan: "{act: contradiction}", want: Answer{Outcome: Indeterminate, Code: "0"}, asked: 1},
		{plan: "{act: soap_fault}", want: Answer{Outcome: Indeterminate, Code: CodeFault}, asked: 1},
		{plan: "{act: answer, is_error: 'true', code: '7', desc: ใหม่}", want: Answer{Outcome: Indeterminate, Code: "7"}, asked: 1},
		// The largest that is taken.
		{plan: "{act: huge, bytes: 64000}", want: Answer{Outcome: Passed, Code: "0"}, asked: 1},
	} {
		bothVersions(t, func(soap func(*Options), version Version) {
			b := newBench(t, soap)
			b.plan(t, row.plan)
			answer, err := b.CheckCID(t.Context(), inserted(t, "default"))
			require.ErrorIs(t, err, row.err, "%s %s", version, row.plan)
			assert.Equal(t, row.want.Outcome, answer.Outcome, "%s %s", version, row.plan)
			assert.Equal(t, row.want.Code, answer.Code, "%s %s", version, row.plan)
			assert.Equal(t, row.asked, b.service.Asked(), "%s %s", version, row.plan)
		})
	}
}

func TestARetryIsOneAndTheSecondAnswerCounts(t *testing.T) {
	b := newBench(t)
	require.NoError(t, b.service.SetState("default", dopa.Moved))
	b.plan(t, "{act: close}")
	answer, err := b.CheckCID(t.Context(), inserted(t, "default"))
	require.NoError(t, err)
	assert.Equal(t, Failed, answer.Outcome)
}

func TestAServiceThatIsDownIsLeftAloneAndComesBack(t *testing.T) {
	b := newBench(t)
	card := inserted(t, "default")
	b.plan(t, "{act: reset, until: cleared}")
	for range faultsInARow {
		_, err := b.CheckCID(t.Context(), card)
		require.ErrorIs(t, err, ErrUnreachable)
	}
	asked := b.service.Asked()
	_, err := b.CheckCID(t.Context(), card)
	require.ErrorIs(t, err, ErrPaused)
	_, err = b.CheckLaser(t.Context(), typed(t, "default"))
	require.ErrorIs(t, err, ErrPaused, "both roads lead to the same service")
	assert.Equal(t, asked, b.service.Asked(), "nobody was asked")

	b.plan(t, "[]")
	b.clock.move(firstPause)
	answer, err := b.CheckCID(t.Context(), card)
	require.NoError(t, err)
	assert.Equal(t, Passed, answer.Outcome)
	answer, err = b.CheckCID(t.Context(), card)
	require.NoError(t, err)
	assert.Equal(t, Passed, answer.Outcome)
}

func TestNonsenseInARowIsReasonForAPauseAndBadCardsAreNot(t *testing.T) {
	b := newBench(t)
	card := inserted(t, "default")
	b.plan(t, "{act: answer, is_error: 'true', code: '4', until: cleared}")
	for range 2 * faultsInARow {
		_, err := b.CheckCID(t.Context(), card)
		require.NoError(t, err)
	}
	b.plan(t, "{act: html, until: cleared}")
	for range faultsInARow {
		_, err := b.CheckCID(t.Context(), card)
		require.ErrorIs(t, err, ErrAnswer)
	}
	_, err := b.CheckCID(t.Context(), card)
	require.ErrorIs(t, err, ErrPaused)
}

func TestWhoeverGoesAwayGetsTheirOwnErrorAndCausesNoPause(t *testing.T) {
	b := newBench(t)
	card := inserted(t, "default")
	b.plan(t, "{act: hang, until: cleared}")
	for range 2 * faultsInARow {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		_, err := b.CheckCID(ctx, card)
		cancel()
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.NotErrorIs(t, err, ErrUnreachable)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := b.CheckCID(gone, card)
	require.ErrorIs(t, err, context.Canceled)
	b.plan(t, "[]")
	_, err = b.CheckCID(t.Context(), card)
	require.NoError(t, err)
}

func TestManyClerksAskAtOnce(t *testing.T) {
	b := newBench(t)
	require.NoError(t, b.service.SetState("year-only", dopa.Moved))
	var asking sync.WaitGroup
	for range 8 {
		for key, want := range map[string]Outcome{"default": Passed, "year-only": Failed} {
			card := inserted(t, key)
			asking.Go(func() {
				answer, err := b.CheckCID(context.Background(), card)
				assert.NoError(t, err)
				assert.Equal(t, want, answer.Outcome, key)
			})
		}
	}
	asking.Wait()
}

// One run over all that can go wrong, and then a search for what was asked.
func TestNothingOfAPersonGetsIntoLogsAndErrors(t *testing.T) {
	b := newBench(t)
	card, holder := inserted(t, "default"), typed(t, "default")
	var errs []string
	for _, plan := range []string{
		"[]", "{act: reset, times: 2}", "{act: html}", "{act: half}", "{act: other}", "{act: status, status: 500}", "{act: contradiction}",
		`{act: soap_fault, desc: "1101700230708 สมชาย ใจดี 0123456789abcdef JT1234567890"}`,
		`{act: answer, is_error: "true", code: "4", desc: "1101700230708 สมชาย ใจดี 0123456789abcdef JT1234567890"}`,
		`{act: answer, is_error: "สมชาย 1101700230708", code: "1101700230708"}`,
	} {
		for _, laser := range []bool{false, true} {
			b.plan(t, plan)
			b.clock.move(longestPause)
			ask := func() (Answer, error) { return b.CheckCID(t.Context(), card) }
			if laser {
				ask = func() (Answer, error) { return b.CheckLaser(t.Context(), holder) }
			}
			answer, err := ask()
			if err != nil {
				errs = append(errs, err.Error())
			}
			if !laser { // a name or laser code in an answer about a chip was put there by nobody
				answer.Desc = strings.NewReplacer("สมชาย", "", "ใจดี", "", "JT…", "").Replace(answer.Desc)
			}
			errs = append(errs, answer.Code, strings.ReplaceAll(answer.Desc, "0123456789abcdef", ""))
		}
	}
	said := strings.ToLower(b.log.String() + strings.Join(errs, "\n"))
	require.Contains(t, said, "issuer answered")
	require.Contains(t, said, "issuer not asked")
	for _, secret := range []string{"1101700230708", "สมชาย", "ใจดี", "0123456789abcdef", "jt1234567890", "1234567890", "25251231", "76030000001"} {
		assert.NotContains(t, said, secret)
	}
}

func TestAnAnswerWithAnErrorsStatusContradictsItself(t *testing.T) {
	a := authority(t)
	for status, want := range map[int]error{200: nil, 500: ErrAnswer, 404: ErrAnswer, 202: ErrAnswer} {
		url := listening(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, exampleAnswer) // whoever asked has read enough
		}), a.TLS(issued(t, a, noon.Add(-time.Hour), noon.Add(time.Hour), "127.0.0.1"), dopa.AnyClient))
		c, err := New(Options{URL: url, CA: a.Pool(), Now: (&clock{at: noon}).now})
		require.NoError(t, err)
		answer, err := c.CheckCID(t.Context(), inserted(t, "default"))
		require.ErrorIs(t, err, want, status)
		assert.Equal(t, want == nil, answer.Outcome == Passed, status)
	}
}

func TestALaserCodeThatIsNoneIsNotAskedAbout(t *testing.T) {
	b := newBench(t)
	h := typed(t, "default")
	h.Laser = Hide("1234")
	_, err := b.CheckLaser(t.Context(), h)
	require.ErrorIs(t, err, ErrIncomplete)
	assert.Zero(t, b.service.Asked())
}
