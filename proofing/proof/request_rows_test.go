package proof

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestQ7IssIsTheOriginThatAsks(t *testing.T) {
	s := requestScene(t)
	for _, iss := range []string{"https://other.example.go.th", "https://unlisted.example", site + "/", site + ":443", "HTTPS://APP.example.go.th", "null", "", " " + site} {
		t.Run("iss "+iss, func(t *testing.T) { refusedAt(t, s, StepIssuer, s.token(s.payload.with("iss", iss))) })
	}
	t.Run("right iss, fetched by another approved page with the same key", func(t *testing.T) {
		_, err := VerifyRequest(s.good(), s.keys, RequestOptions{Origin: "https://other.example.go.th", Now: at(requestMade)})
		assert.Equal(t, StepIssuer, stepName(t, err))
	})
	t.Run("a caller without an origin", func(t *testing.T) {
		_, err := VerifyRequest(s.token(s.payload.with("iss", "")), s.keys, RequestOptions{Now: at(requestMade)})
		assert.Equal(t, StepIssuer, stepName(t, err))
	})
}

func TestQ8AudIsChipproof(t *testing.T) {
	s := requestScene(t)
	refusedAt(t, s, StepPayload, s.token(s.payload.without("aud")))
	refusedAt(t, s, StepPayload, s.token(s.payload.with("aud", []string{"chipproof"})))
	for _, aud := range []string{"Chipproof", site, testIssuer, "", "chipproof ", "chipproof/"} {
		t.Run(aud, func(t *testing.T) { refusedAt(t, s, StepFor, s.token(s.payload.with("aud", aud))) })
	}
}

func TestQ9ARequestLivesTwoMinutesInWholeSeconds(t *testing.T) {
	s := requestScene(t)
	raw := func(old, replaced string) string { return s.raw(strings.Replace(s.payload.text(), old, replaced, 1)) }
	exp := func(value string) string { return raw(`"exp":1795228315`, `"exp":`+value) }
	for name, row := range map[string]struct{ token, step string }{
		"exp is iat":          {exp("1795228195"), StepTimes},
		"exp before iat":      {exp("1795228194"), StepTimes},
		"121 seconds":         {exp("1795228316"), StepTimes},
		"milliseconds":        {exp("1795228315000"), StepPayload},
		"all in milliseconds": {s.token(s.payload.with("iat", 1795228195000).with("exp", 1795228195120)), StepPayload},
		"float":               {exp("1795228315.5"), StepPayload},
		"whole float":         {exp("1795228315.0"), StepPayload},
		"exponent":            {exp("1.795228315e9"), StepPayload},
		"string":              {exp(`"1795228315"`), StepPayload},
		"negative":            {exp("-1"), StepPayload},
		"negative iat":        {raw(`"iat":1795228195`, `"iat":-9223372036854775808`), StepPayload},
		"huge":                {exp("9223372036854775807"), StepPayload},
		"more than huge":      {exp("18446744073709551616"), StepPayload},
	} {
		t.Run(name, func(t *testing.T) { refusedAt(t, s, row.step, row.token) })
	}
	assert.Zero(t, s.step(t, exp("1795228196")), "one second is a life")
}

func TestQ10Q11TheTwoClocksMayBeAMinuteApart(t *testing.T) {
	s := requestScene(t)
	const exp = requestMade + 120
	for name, row := range map[string]struct {
		now        int64
		cause      error
		ahead, age int64
	}{
		"Q10 iat 60 s ahead":             {requestMade - 60, nil, 0, 0},
		"Q10 iat 61 s ahead":             {requestMade - 61, ErrClockWrong, 61, 0},
		"Q10 iat a day ahead":            {requestMade - 86400, ErrClockWrong, 86400, 0},
		"Q11 a second before exp + 60":   {exp + 59, nil, 0, 0},
		"Q11 at exp + 60":                {exp + 60, ErrRequestExpired, 0, 180},
		"Q11 workstation one hour ahead": {requestMade + 3600, ErrRequestExpired, 0, 3600},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := verifyRequest(s, s.good(), at(row.now))
			if row.cause == nil {
				require.NoError(t, err)
				return
			}
			var clock *ClockError
			require.ErrorAs(t, err, &clock)
			assert.ErrorIs(t, err, row.cause)
			assert.NotErrorIs(t, err, ErrRequestRefused)
			assert.Equal(t, []int64{row.ahead, row.age}, []int64{clock.Ahead, clock.Age})
			assert.Contains(t, err.Error(), fmt.Sprint(row.ahead+row.age, " seconds"))
			assert.Empty(t, r.ID)
		})
	}
}

func TestQ12WhatIsWrongInItselfIsSaidBeforeWhatIsOld(t *testing.T) {
	s := requestScene(t)
	late := at(requestMade + 3600)
	_, err := verifyRequest(s, s.token(s.payload.with("exp", requestMade+121)), late)
	assert.Equal(t, StepTimes, stepName(t, err), "overlong and expired")
	_, err = verifyRequest(s, s.token(s.payload.with("audience", "https://other.example.go.th")), late)
	assert.ErrorIs(t, err, ErrRequestExpired, "expired and for another audience")
}

func TestQ13AudienceIsTheOneRegistered(t *testing.T) {
	s := requestScene(t)
	for _, audience := range []string{"", "https://other.example.go.th", strings.ToUpper(site), site + "/"} {
		t.Run(audience, func(t *testing.T) {
			r, err := verifyRequest(s, s.token(s.payload.with("audience", audience)), at(requestMade))
			require.NoError(t, err)
			assert.Equal(t, StepAudience, stepName(t, r.CheckAudience(site)))
			if audience == "" {
				assert.Equal(t, StepAudience, stepName(t, r.CheckAudience("")), "nothing is nobody's name")
				return
			}
			assert.NoError(t, r.CheckAudience(audience))
		})
	}
}

func TestQ14EachRoadTakesItsOwnRequests(t *testing.T) {
	s := requestScene(t)
	const back = site + "/counter/back"
	registered := []string{site + "/other", back}
	fetch := s.payload
	page := s.payload.with("fields", []string{"name"}).with("return_url", back).with("state", "s-1")
	claimed := map[string]any{"first_name": "สมชาย"}
	for name, row := range map[string]struct {
		payload tree
		road    Road
		good    bool
	}{
		"fetch":                               {fetch, Fetch, true},
		"fetch, claimed":                      {fetch.with("claimed", claimed), Fetch, true},
		"G8 fetch with a return_url":          {fetch.with("return_url", back), Fetch, false},
		"G8 fetch with a state":               {fetch.with("state", "s-1"), Fetch, false},
		"G8 fetch with both":                  {page, Fetch, false},
		"page":                                {page, Page, true},
		"G8 page without return_url":          {page.without("return_url"), Page, false},
		"G8 page without state":               {page.without("state"), Page, false},
		"G8 page without both":                {fetch, Page, false},
		"G1 another path":                     {page.with("return_url", site+"/counter/bac"), Page, false},
		"G1 a query":                          {page.with("return_url", back+"?next=https://evil.example"), Page, false},
		"G1 a fragment":                       {page.with("return_url", back+"#x"), Page, false},
		"G1 other case":                       {page.with("return_url", site+"/counter/Back"), Page, false},
		"G1 a port":                           {page.with("return_url", site+":443/counter/back"), Page, false},
		"G1 a trailing slash":                 {page.with("return_url", back+"/"), Page, false},
		"G1 another origin":                   {page.with("return_url", "https://evil.example/counter/back"), Page, false},
		"G1 http":                             {page.with("return_url", strings.Replace(back, "https", "http", 1)), Page, false},
		"G4 claimed on the page road":         {page.with("claimed", claimed), Page, false},
		"G4 typed on the page road":           {page.with("claimed", claimed).with("evidence", "typed"), Page, false},
		"G8 photo on the page road":           {page.with("fields", []string{"name", "photo"}), Page, false},
		"G8 laser_code on the page road":      {page.with("fields", []string{"name", "laser_code"}), Page, false},
		"G8 nhso on the page road":            {page.with("fields", []string{"name", "nhso"}), Page, false},
		"a road that there is not":            {fetch, "post", false},
		"no road":                             {fetch, "", false},
		"chip evidence said on the page road": {page.with("evidence", "chip"), Page, true},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := verifyRequest(s, s.token(row.payload), at(requestMade))
			require.NoError(t, err)
			if row.good {
				assert.NoError(t, r.CheckRoad(row.road, registered))
				return
			}
			assert.Equal(t, StepRoad, stepName(t, r.CheckRoad(row.road, registered)))
		})
	}
	t.Run("G4 typed on the page road, without claimed", func(t *testing.T) {
		r := Request{Fields: []string{"name"}, Evidence: Typed, ReturnURL: back, State: "s-1"}
		assert.Equal(t, StepRoad, stepName(t, r.CheckRoad(Page, registered)))
	})
	t.Run("G1 registered for another origin", func(t *testing.T) {
		r, err := verifyRequest(s, s.token(page), at(requestMade))
		require.NoError(t, err)
		assert.Equal(t, StepRoad, stepName(t, r.CheckRoad(Page, nil)))
	})
}

// Q18 to Q20 are the store's; what the package gives it is the two names.
func TestQ18ATwinOfARequestHasTheSameNames(t *testing.T) {
	s := requestScene(t)
	first, err := verifyRequest(s, s.good(), at(requestMade))
	require.NoError(t, err)
	other, err := verifyRequest(s, twin(s.good()), at(requestMade))
	require.NoError(t, err, "both signatures verify")
	require.NotEqual(t, s.good(), twin(s.good()))
	assert.Equal(t, []string{first.Issuer, first.ID, first.Nonce}, []string{other.Issuer, other.ID, other.Nonce})

	fresh, err := verifyRequest(s, s.token(s.payload.with("jti", NewID())), at(requestMade))
	require.NoError(t, err)
	assert.NotEqual(t, first.ID, fresh.ID)
	assert.Equal(t, first.Nonce, fresh.Nonce, "a used nonce under a new jti shows")
	fresh, err = verifyRequest(s, s.token(s.payload.with("nonce", NewNonce())), at(requestMade))
	require.NoError(t, err)
	assert.Equal(t, first.ID, fresh.ID, "and a used jti under a new nonce")
}

func TestQ19TheSameNamesFromAnotherIssAreAnotherRequest(t *testing.T) {
	s := requestScene(t)
	const other = "https://other.example.go.th"
	token := s.token(s.payload.with("iss", other))
	r, err := VerifyRequest(token, s.keys, RequestOptions{Origin: other, Now: at(requestMade)})
	require.NoError(t, err)
	assert.Equal(t, []string{other, s.payload["jti"].(string), s.payload["nonce"].(string)}, []string{r.Issuer, r.ID, r.Nonce})
}

func TestQ20GarbageBurnsNothing(t *testing.T) {
	s := requestScene(t)
	for _, bad := range []string{
		s.good() + "=", s.token(s.payload.with("aud", "x")), s.token(s.payload.with("iss", "x")), s.token(s.payload.with("exp", requestMade)),
		handToken(s.stranger, s.header(), s.payload.text()),
	} {
		require.NotZero(t, s.step(t, bad))
	}
	assert.Zero(t, s.step(t, s.good()), "put right under the same jti")
}

func TestAVerifiedRequestSaysWhatWasSigned(t *testing.T) {
	s := requestScene(t)
	r, err := verifyRequest(s, s.good(), at(requestMade))
	require.NoError(t, err)
	assert.Equal(t, Request{
		Issuer: site, ID: "0vQ3pXkq1bqk0y8m7l2TzA", Nonce: "WYVxNuwz3RBEhnJKM4LvVh2tOdXI9WRUPYqA_qa0klM", Audience: site, Purpose: purpose,
		IssuedAt: requestMade, ExpiresAt: requestMade + 120, Fields: []string{"citizen_id", "name", "birth_date", "sex", "address", "card", "photo"},
		Needs: []string{"face_visual", "card_inspected"}, Evidence: Chip, IssuerCheck: true,
	}, r)
	r, err = verifyRequest(s, s.token(s.payload.without("evidence").without("needs").without("issuer_check")), at(requestMade))
	require.NoError(t, err)
	assert.Equal(t, Chip, r.Evidence)
	assert.Empty(t, r.Needs)
	assert.False(t, r.IssuerCheck)
}

func TestPeekingAtARequestReadsTwoNamesAndProvesNothing(t *testing.T) {
	s := requestScene(t)
	forged := handToken(s.stranger, s.header(), s.payload.text())
	kid, iss, err := PeekRequest(forged)
	require.NoError(t, err)
	assert.Equal(t, []string{handKID(s.key), site}, []string{kid, iss})
	refusedAt(t, s, StepSignature, forged)

	for name, row := range map[string]struct{ token, step string }{
		"no token":          {"garbage", StepForm},
		"a blank":           {s.good() + " ", StepForm},
		"another typ":       {handToken(s.key, handHeader("JWT", handKID(s.key)), s.payload.text()), StepHeader},
		"no object":         {s.raw("[]"), StepPayload},
		"iss missing":       {s.token(s.payload.without("iss")), StepPayload},
		"iss a number":      {s.token(s.payload.with("iss", 1)), StepPayload},
		"iss twice":         {s.raw(`{"iss":"https://a.example","iss":"https://b.example"}`), StepPayload},
		"larger than 8 KiB": {s.raw(s.payload.text() + strings.Repeat(" ", 8<<10)), StepForm},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := PeekRequest(row.token)
			assert.Equal(t, row.step, stepName(t, err))
		})
	}
}
