package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"chipproof/api"
	"chipproof/api/counter"
	"chipproof/audit"
	"chipproof/cardreader"
	"chipproof/store"
)

func TestEveryProblemOfTheCommandLineHasACodeAndBothLanguages(t *testing.T) {
	code := regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	for _, row := range problems() {
		assert.Regexp(t, code, row.Code)
		for _, lang := range []api.Lang{api.Thai, api.English} {
			assert.NotEmpty(t, row.Title.In(lang), row.Code)
			if row.Code != "usage_invalid" { // its remedy names the command
				assert.NotEmpty(t, row.Remedy.In(lang), row.Code)
			}
		}
	}
}

func TestCausesOfTheCommandLineAreFound(t *testing.T) {
	for code, err := range map[string]error{
		"usage_invalid":       &usageError{err: errors.New("what")},
		"file_exists":         errFileExists,
		"file_unwritable":     errFileUnwritable,
		"interrupted":         context.Canceled,
		"reader_service_down": cardreader.ErrServiceDown,
		"internal_error":      errors.New("nobody thought of that"),
	} {
		assert.Equal(t, code, problems().Find(fmt.Errorf("do it: %w", err)).Code)
	}
}

func TestAComplaintNamesCodeAndRemedyInEveryLanguageAndThenTheCauses(t *testing.T) {
	var stderr strings.Builder
	p := &program{streams: streams{err: &stderr}, say: speech{api.Thai, api.English}}
	p.complain(errors.Join(fmt.Errorf("write file: %w", errFileExists), errors.New("and more")))
	assert.Equal(t, `chipproof: file_exists: มีไฟล์นี้อยู่แล้ว — ระบุชื่ออื่น หรือใส่ --force เพื่อเขียนทับ ถ้าคำสั่งนั้นมี
chipproof: file_exists: The file exists already — Name another file, or say --force to replace it where the command has that.
  write file: file exists
  and more
`, stderr.String())
}

func TestARunningAgentTellsOnlyWhatHasAnHTTPStatus(t *testing.T) {
	for _, err := range []error{store.ErrUnwritable, store.ErrBusy, audit.ErrUnavailable} {
		row := servedProblems().Find(fmt.Errorf("do it: %w", err))
		assert.Equal(t, http.StatusServiceUnavailable, row.Status)
		assert.Equal(t, "audit_unavailable", row.Code)
	}
	for _, err := range []error{context.Canceled, store.ErrMissing, &usageError{err: errors.New("what")}} {
		assert.Equal(t, "internal_error", servedProblems().Find(err).Code, "%v is no answer to a request", err)
	}
	assert.ElementsMatch(t, counter.Problems().Codes(), servedProblems().Codes(), "no code that the interface doesn't have")
}
