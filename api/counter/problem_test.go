package counter

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"

	"chipproof/apdu"
	"chipproof/api"
	"chipproof/audit"
	"chipproof/cardreader"
	"chipproof/mfa"
	"chipproof/proofing"
	"chipproof/proofing/proof"
	"chipproof/proofing/thaiid"
)

// The table of design §7, and what the pages beside it add.
func TestEveryCauseHasItsStatusAndCode(t *testing.T) {
	for _, row := range []struct {
		cause  error
		status int
		code   string
	}{
		{cardreader.ErrReaderNotFound, 409, "reader_not_found"},
		{cardreader.ErrCardAbsent, 409, "card_absent"},
		{cardreader.ErrCardRemoved, 409, "card_removed"},
		{cardreader.ErrCardChanged, 409, "card_changed"},
		{thaiid.ErrChanged, 409, "card_changed"},
		{cardreader.ErrReaderBusy, 409, "reader_busy"},
		{proofing.ErrReaderAmbiguous, 409, "reader_ambiguous"},
		{cardreader.ErrServiceDown, 503, "reader_service_down"},
		{cardreader.ErrDenied, 503, "reader_denied"},
		{cardreader.ErrNotBuiltIn, 503, "driver_missing"},
		{cardreader.ErrCardUnsupported, 422, "card_unsupported"},
		{thaiid.ErrUnsupported, 422, "card_unsupported"},
		{cardreader.ErrCardError, 502, "card_error"},
		{cardreader.ErrCardReset, 502, "card_error"},
		{&thaiid.ReadError{Field: thaiid.PartNameTH, Err: apdu.Status(0x6F00)}, 502, "card_error"},
		{cardreader.ErrCardTimeout, 504, "card_timeout"},
		{mfa.ErrMFARequired, 403, "mfa_required"},
		{api.ErrHostRefused, 403, "host_refused"},
		{api.ErrOriginRefused, 403, "origin_refused"},
		{api.ErrContextRefused, 403, "request_context_refused"},
		{ErrFieldRefused, 403, "field_refused"},
		{ErrPurposeRefused, 403, "purpose_refused"},
		{ErrPurposeUnknown, 422, "purpose_unknown"},
		{api.ErrBodyInvalid, 400, "body_invalid"},
		{api.ErrBodyTooLarge, 413, "body_too_large"},
		{api.ErrMediaTypeRefused, 415, "media_type_refused"},
		{api.ErrThrottled, 429, "throttled"},
		{api.ErrNotFound, 404, "not_found"},
		{api.ErrMethodRefused, 405, "method_refused"},
		{api.ErrRequestMalformed, 400, "request_malformed"},
		{thaiid.ErrFieldUnknown, 422, "field_unknown"},
		{mfa.ErrLoginFailed, 401, "login_failed"},
		{mfa.ErrThrottled{RetryAfter: time.Second}, 429, "throttled"},
		{mfa.ErrThrottled{RetryAfter: time.Second, Locked: true}, 429, "throttled"},
		{mfa.ErrStepUpRequired, 403, "step_up_required"},
		{mfa.ErrGrantRefused, 403, "grant_refused"},
		{mfa.ErrPasswordRefused{Reason: mfa.PasswordTooShort}, 422, "password_refused"},
		{mfa.ErrCSRFRefused, 403, "csrf_refused"},
		{mfa.ErrRoleRefused, 403, "role_refused"},
		{audit.ErrUnavailable, 503, "audit_unavailable"},
		{ErrReadAlready, 409, "read_already"},
		{ErrApprovalDeclined, 403, "approval_declined"},
		{ErrApprovalTimeout, 504, "approval_timeout"},
		{ErrApprovalUnknown, 404, "approval_unknown"},
		{api.ErrOriginInvalid, 422, "origin_invalid"},
		{ErrOriginUnknown, 404, "origin_unknown"},
		{proof.ErrKeysInvalid, 422, "keys_invalid"},
		{ErrReturnURLInvalid, 422, "return_url_invalid"},
		{errors.New("anything else"), 500, "internal_error"},
		{context.DeadlineExceeded, 500, "internal_error"},
	} {
		found := Problems().Find(fmt.Errorf("do something: %w", row.cause))
		assert.Equal(t, row.status, found.Status, row.cause)
		assert.Equal(t, row.code, found.Code, row.cause)
	}
}

func TestWhatHappenedToTheReaderExplainsWhatTheCardSaid(t *testing.T) {
	err := fmt.Errorf("read name: %w: %w", cardreader.ErrCardRemoved, cardreader.ErrCardError)
	assert.Equal(t, "card_removed", Problems().Find(err).Code)
}

var thaiLetters = regexp.MustCompile(`\p{Thai}{2}`)

func TestEveryTextIsThereInThaiAndInEnglishAndSaysWhatToDoNext(t *testing.T) {
	titles := map[string]api.Text{}
	for _, row := range append(Problems(), Problems().Find(nil)) {
		for _, text := range []api.Text{row.Title, row.Remedy} {
			assert.Regexp(t, thaiLetters, text.TH, row.Code)
			assert.Regexp(t, `[A-Za-z]{3}`, text.EN, row.Code)
			assert.NotRegexp(t, thaiLetters, text.EN, row.Code)
			assert.True(t, utf8.ValidString(text.TH), row.Code)
			for _, r := range text.TH + text.EN {
				assert.False(t, unicode.IsControl(r), row.Code)
			}
		}
		assert.NotEqual(t, row.Title, row.Remedy, row.Code)
		assert.Regexp(t, `^[a-z]+(_[a-z]+)+$|^throttled$`, row.Code)
		assert.True(t, row.Status == 0 || row.Status >= 400 && http.StatusText(row.Status) != "", row.Code)
		if before, seen := titles[row.Code]; seen {
			assert.Equal(t, before, row.Title, "one code, one title: %s", row.Code)
		}
		titles[row.Code] = row.Title
	}
}

func TestEveryRowHasACauseOfItsOwn(t *testing.T) {
	for i, row := range Problems() {
		for _, other := range Problems()[:i] {
			assert.False(t, row.Cause != nil && other.Cause != nil && errors.Is(row.Cause, other.Cause), "%s hides %s", other.Code, row.Code)
		}
	}
}

func TestAFieldIsNamedWhereThereIsOne(t *testing.T) {
	_, refused := allow(policy(t), proofing.UseRead, site, DefaultGrant(), proofing.FormFill, []string{"name", "nhso"})
	row := Problems().Find(refused)
	assert.Equal(t, "field_refused", row.Code)
	assert.Equal(t, "nhso", row.Field(refused))

	broken := fmt.Errorf("read card: %w", &thaiid.ReadError{Field: thaiid.PartExpiryDate, Err: apdu.Status(0x6F00)})
	assert.Equal(t, "card.expiry_date", Problems().Find(broken).Field(broken))
	assert.Empty(t, Problems().Find(cardreader.ErrCardError).Field(cardreader.ErrCardError))
}

func TestTheDefaultGrantIsEveryFieldButTheTwoThatAreAskedForByName(t *testing.T) {
	grant := DefaultGrant()
	assert.Equal(t, []string{"form_fill"}, grant.Purposes)
	assert.Equal(t, []string{"citizen_id", "name", "birth_date", "sex", "address", "card", "photo"}, grant.Fields)
}
