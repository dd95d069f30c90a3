package compat

import (
	"net/http"

	"chipproof/api"
)

// foreign says which causes are told in the shape of the agent that a port stands
// for: those about reader, card and insertion, which its pages know. All others are
// refusals of ours and have our problem body. The number is the status that the
// NHSO agent answers with: 418 is no reader, 500 is no card.
var foreign = map[string]int{
	"reader_not_found":    http.StatusTeapot,
	"reader_service_down": http.StatusTeapot,
	"reader_denied":       http.StatusTeapot,
	"driver_missing":      http.StatusTeapot,
	"reader_busy":         http.StatusInternalServerError,
	"reader_ambiguous":    http.StatusInternalServerError,
	"card_absent":         http.StatusInternalServerError,
	"card_removed":        http.StatusInternalServerError,
	"card_changed":        http.StatusInternalServerError,
	"card_unsupported":    http.StatusInternalServerError,
	"card_error":          http.StatusInternalServerError,
	"card_timeout":        http.StatusInternalServerError,
	"read_already":        http.StatusInternalServerError,
	"approval_waiting":    http.StatusInternalServerError,
	"approval_declined":   http.StatusInternalServerError,
	"approval_timeout":    http.StatusInternalServerError,
}

// failure is a cause as pages of another agent are told it.
type failure struct {
	status  int
	code    string
	message string
}

// failureOf is nil for what is told as a problem of ours.
func failureOf(table api.Table, err error, lang api.Lang) *failure {
	row := table.Find(err)
	status, known := foreign[row.Code]
	if !known {
		return nil
	}
	return &failure{status: status, code: row.Code, message: row.Title.In(lang)}
}
