package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"

	"chipproof/api"
	"chipproof/api/counter"
	"chipproof/audit"
	"chipproof/cardreader"
	"chipproof/cmd/internal/program"
	"chipproof/store"
)

func TestEveryProblemOfTheCommandLineHasACodeAndBothLanguages(t *testing.T) {
	code := regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	for _, row := range kind().Problems() {
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
		"usage_invalid":       &program.UsageError{Err: errors.New("what")},
		"file_exists":         program.ErrFileExists,
		"file_unwritable":     program.ErrFileUnwritable,
		"interrupted":         context.Canceled,
		"reader_service_down": cardreader.ErrServiceDown,
		"internal_error":      errors.New("nobody thought of that"),
	} {
		assert.Equal(t, code, kind().Problems().Find(fmt.Errorf("do it: %w", err)).Code)
	}
}

func TestARunningAgentTellsOnlyWhatHasAnHTTPStatus(t *testing.T) {
	for _, err := range []error{store.ErrUnwritable, store.ErrBusy, audit.ErrUnavailable} {
		row := kind().ServedProblems().Find(fmt.Errorf("do it: %w", err))
		assert.Equal(t, http.StatusServiceUnavailable, row.Status)
		assert.Equal(t, "audit_unavailable", row.Code)
	}
	for _, err := range []error{context.Canceled, store.ErrMissing, &program.UsageError{Err: errors.New("what")}} {
		assert.Equal(t, "internal_error", kind().ServedProblems().Find(err).Code, "%v is no answer to a request", err)
	}
	assert.ElementsMatch(t, counter.Problems().Codes(), kind().ServedProblems().Codes(), "no code that the interface doesn't have")
}
