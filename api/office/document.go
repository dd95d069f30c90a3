package office

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"chipproof/api"
	"chipproof/breach"
	"chipproof/breach/letters"
)

// The forms in which a document is given out.
const (
	formatHTML = "html"
	formatDOCX = "docx"

	mediaHTML = "text/html; charset=utf-8"
	mediaDOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
)

type (
	documentInput struct {
		ID     string `path:"id" maxLength:"64" doc:"The incident's number"`
		Kind   string `path:"kind" enum:"office_notice,subject_letter,public_notice,processor_order,file_note" doc:"Which document"`
		Format string `query:"format" enum:"html,docx" default:"html" doc:"A page for print, or a file for a word processor"`
		Digits string `query:"digits" enum:"arabic,thai" default:"arabic" doc:"Which digits"`
		Order  int    `query:"order" minimum:"0" doc:"Which order, for processor_order"`
	}
	// DocumentDraft is what a letter has of its own. None of it is kept.
	DocumentDraft struct {
		Format    string `json:"format,omitempty" enum:"html,docx" doc:"Default: html"`
		Digits    string `json:"digits,omitempty" enum:"arabic,thai" doc:"Which digits. Default: arabic"`
		Number    string `json:"number,omitempty" maxLength:"100" doc:"Its number after the agency's prefix; left out, a pen writes it"`
		At        string `json:"at,omitempty" maxLength:"40" doc:"Its date, RFC 3339. Default: now"`
		Order     int    `json:"order,omitempty" minimum:"0" doc:"Which order, for processor_order"`
		Necessity string `json:"necessity,omitempty" doc:"Why a notice to the Office is late. Default: as it was recorded"`
		Details   string `json:"details,omitempty" doc:"The details that show it. Default: as they were recorded"`
	}
	draftInput struct {
		ID   string `path:"id" maxLength:"64" doc:"The incident's number"`
		Kind string `path:"kind" enum:"office_notice,subject_letter,public_notice,processor_order,file_note" doc:"Which document"`
		Body DocumentDraft
	}
	documentOutput struct {
		ContentType string `header:"Content-Type"`
		Disposition string `header:"Content-Disposition"`
		Body        []byte
	}
)

func registerDocuments(s *api.Server, i *Incidents) {
	officers := api.Officers()
	api.Handle(s, api.Route{
		Method: http.MethodGet, Path: "/v1/incidents/{id}/documents/{kind}", Class: api.Console, Roles: officers, ID: "show-document",
		Summary: "A document as it would be now, dated now and without a number",
		Description: "Refused while it lacks a content that the law requires, and names it. A letter to data subjects has dots in place of a person. " +
			"A public notice is read by the scanner first.",
	}, i.showDocument)
	api.Handle(s, api.Route{
		Method: http.MethodPost, Path: "/v1/incidents/{id}/documents/{kind}", Class: api.Console, Roles: officers, ID: "make-document",
		Audit:       []string{entryDocument},
		Summary:     "Make a document with its number and date",
		Description: "It is handed over and not kept: record its digest with an event.",
	}, i.makeDocument)
	registerMerge(s, i)
}

func (i *Incidents) showDocument(ctx context.Context, in *documentInput) (*documentOutput, error) {
	c, err := i.one(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	d := DocumentDraft{Format: in.Format, Digits: in.Digits, Order: in.Order}
	return i.document(ctx, c, letters.Kind(in.Kind), d)
}

func (i *Incidents) makeDocument(ctx context.Context, in *draftInput) (*documentOutput, error) {
	c, err := i.one(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out, err := i.document(ctx, c, letters.Kind(in.Kind), in.Body)
	if err != nil {
		return nil, err
	}
	if err := i.acts.RecordDocument(ctx, actorOf(api.CallerOf(ctx).Person), c.ID, in.Kind, formatOf(in.Body.Format)); err != nil {
		return nil, fmt.Errorf("record document: %w", err)
	}
	return out, nil
}

func formatOf(asked string) string {
	if asked == formatDOCX {
		return formatDOCX
	}
	return formatHTML
}

// draft is a letter's own part, dated now unless it says otherwise.
func (i *Incidents) draft(d DocumentDraft) (letters.Draft, error) {
	at, err := momentOf("at", d.At, breach.At(i.now()))
	if err != nil {
		return letters.Draft{}, err
	}
	draft := letters.Draft{At: at.Time(), Number: d.Number}
	if d.Digits == "thai" {
		draft.Digits = letters.ThaiDigits
	}
	return draft, nil
}

// somebody stands for the person in a letter to data subjects that is looked at.
func somebody() letters.Recipient {
	return letters.NewRecipient(letters.Person{Name: "........................................"})
}

func (i *Incidents) document(ctx context.Context, c breach.Case, kind letters.Kind, d DocumentDraft) (*documentOutput, error) {
	maker, err := i.letters(ctx)
	if err != nil {
		return nil, fmt.Errorf("make document: %w", err)
	}
	draft, err := i.draft(d)
	if err != nil {
		return nil, err
	}
	doc, err := i.fill(maker, c, kind, draft, d)
	if err != nil {
		return nil, fmt.Errorf("make document: %w", err)
	}
	out := &documentOutput{ContentType: mediaHTML, Body: doc.HTML()}
	if formatOf(d.Format) == formatDOCX {
		out.ContentType = mediaDOCX
		if out.Body, err = doc.DOCX(); err != nil {
			return nil, fmt.Errorf("make document: %w", err)
		}
	}
	out.Disposition = "attachment; filename=\"" + fileName(c.ID, string(kind), draft.At, formatOf(d.Format)) + "\""
	return out, nil
}

func (i *Incidents) fill(maker letters.Maker, c breach.Case, kind letters.Kind, draft letters.Draft, d DocumentDraft) (letters.Document, error) {
	switch kind {
	case letters.OfficeNotice:
		delay := givenDelay(c)
		if d.Necessity != "" || d.Details != "" {
			delay = &breach.Delay{Necessity: d.Necessity, Details: d.Details}
		}
		return maker.OfficeNotice(c, draft, delay)
	case letters.SubjectLetter:
		return maker.SubjectLetter(c, draft, somebody())
	case letters.PublicNotice:
		return maker.PublicNotice(c, draft, i.reader)
	case letters.ProcessorOrder:
		return maker.ProcessorOrder(c, draft, d.Order)
	}
	return maker.FileNote(c, draft)
}

// fileName names a document by the incident, what it is, and its day in Thailand.
func fileName(id, kind string, at time.Time, format string) string {
	return fmt.Sprintf("%s-%s-%s.%s", id, kind, at.In(breach.Bangkok()).Format("20060102"), format)
}
