package office

import (
	"context"
	"fmt"
	"time"

	"chipproof/api"
	"chipproof/exposure"
	"chipproof/exposure/job"
)

// TaskAnswer is a task with what scans say of it.
type TaskAnswer struct {
	ID        string      `json:"id" doc:"Its number" example:"t-2026-0003"`
	Finding   string      `json:"finding" doc:"The finding that it began with"`
	Findings  int         `json:"findings" doc:"How many findings of that place it is about"`
	Target    string      `json:"target" doc:"The place, masked"`
	Severity  string      `json:"severity" enum:"critical,high,medium,low" doc:"Of the worst of them"`
	State     string      `json:"state" enum:"open,overdue,claimed,stopped,again" doc:"Follows from what scans have met; nobody sets it"`
	Overdue   bool        `json:"overdue,omitzero" doc:"Past its time, whatever else"`
	Owner     string      `json:"owner" doc:"Id of the user who must end it"`
	OwnerName string      `json:"owner_name,omitzero" doc:"The user's name today; absent when there is no such account any more"`
	OpenedAt  time.Time   `json:"opened_at" doc:"When it was made"`
	Due       time.Time   `json:"due" doc:"Until when it must be ended"`
	ClaimedAt time.Time   `json:"claimed_at,omitzero" doc:"When somebody said that it is done"`
	ProvenAt  time.Time   `json:"proven_at,omitzero" doc:"When a scan proved it"`
	ProvenBy  string      `json:"proven_by,omitzero" doc:"Which scan did"`
	Unproven  []TaskPlace `json:"unproven" nullable:"false" doc:"Places for which nothing is proven yet"`
	MayClaim  bool        `json:"may_claim" doc:"Whether who asks may say that it is done"`
}

// TaskPlace is a place for which nothing is proven, and why.
type TaskPlace struct {
	Kind   string `json:"kind" enum:"page,cached_copy,sitemap_entry,attachment" doc:"What it is"`
	Target string `json:"target" doc:"Where, masked"`
	Why    string `json:"why" enum:"still_served,still_listed,not_scanned,no_answer,not_read,refused" doc:"Why nothing is proven"`
}

// OwnerLine is somebody who may be given a task.
type OwnerLine struct {
	ID   string `json:"id" doc:"Id of the user"`
	Name string `json:"name" doc:"The user's name"`
	Role string `json:"role" doc:"What the person may do" example:"staff"`
}

type (
	taskInput struct {
		ID string `path:"id" maxLength:"64" doc:"The task's number"`
	}
	taskOutput  struct{ Body TaskAnswer }
	tasksOutput struct {
		Body struct {
			Tasks []TaskAnswer `json:"tasks" nullable:"false" doc:"All for the data protection officer, one's own for everybody else"`
		}
	}
	openTaskInput struct {
		ID   string `path:"id" maxLength:"200" doc:"The finding's id"`
		Body struct {
			Owner string        `json:"owner" minLength:"1" maxLength:"64" doc:"Id of the user who must end it"`
			Due   time.Time     `json:"due" doc:"Until when"`
			Also  []alsoAddress `json:"also,omitempty" maxItems:"50" doc:"Further addresses that must no longer serve it"`
		}
	}
	alsoAddress struct {
		Kind    string `json:"kind" enum:"cached_copy,sitemap_entry,attachment" doc:"What it is"`
		Address string `json:"address" minLength:"1" maxLength:"2000" doc:"The address, within the scope"`
	}
	ownersOutput struct {
		Body struct {
			Owners []OwnerLine `json:"owners" nullable:"false" doc:"Sorted by name"`
		}
	}
)

func (e *Exposures) listTasks(ctx context.Context, _ *struct{}) (*tasksOutput, error) {
	p := api.CallerOf(ctx).Person
	owner := p.ID
	if isOfficer(p) {
		owner = ""
	}
	tasks, err := e.Tasks.List(ctx, owner, e.Now())
	if err != nil {
		return nil, fmt.Errorf("list tasks: %w", err)
	}
	names, err := e.names(ctx)
	if err != nil {
		return nil, err
	}
	var out tasksOutput
	out.Body.Tasks = make([]TaskAnswer, 0, len(tasks))
	for _, t := range tasks {
		out.Body.Tasks = append(out.Body.Tasks, taskAnswer(t, names, p))
	}
	return &out, nil
}

// openTask makes a finding somebody's to end.
func (e *Exposures) openTask(ctx context.Context, in *openTaskInput) (*taskOutput, error) {
	names, err := e.names(ctx)
	if err != nil {
		return nil, err
	}
	if _, known := names[in.Body.Owner]; !known {
		return nil, &api.FieldError{Field: "owner", Err: fmt.Errorf("open task: %w", job.ErrTaskInvalid)}
	}
	order := job.TaskOrder{Finding: in.ID, Owner: in.Body.Owner, Due: in.Body.Due}
	for _, a := range in.Body.Also {
		order.Also = append(order.Also, job.Also{Kind: exposure.PlaceKind(a.Kind), Address: a.Address})
	}
	t, err := e.TaskActs.Open(ctx, jobActor(ctx), order, e.Now())
	if err != nil {
		return nil, fmt.Errorf("open task: %w", err)
	}
	return &taskOutput{taskAnswer(t, names, api.CallerOf(ctx).Person)}, nil
}

// claimTask notes that somebody says that it is done. Whose task it is not is told
// what somebody is told who asks for none.
func (e *Exposures) claimTask(ctx context.Context, in *taskInput) (*taskOutput, error) {
	t, err := e.Tasks.One(ctx, in.ID, e.Now())
	if err != nil {
		return nil, fmt.Errorf("claim task: %w", err)
	}
	p := api.CallerOf(ctx).Person
	if !mayClaim(t, p) {
		return nil, fmt.Errorf("claim task: %w", job.ErrTaskUnknown)
	}
	if t, err = e.TaskActs.Claim(ctx, jobActor(ctx), in.ID, e.Now()); err != nil {
		return nil, fmt.Errorf("claim task: %w", err)
	}
	names, err := e.names(ctx)
	if err != nil {
		return nil, err
	}
	return &taskOutput{taskAnswer(t, names, p)}, nil
}

func mayClaim(t job.Task, p api.Person) bool { return isOfficer(p) || t.Owner == p.ID }

func (e *Exposures) task(ctx context.Context, id string) (*TaskAnswer, error) {
	t, err := e.Tasks.One(ctx, id, e.Now())
	if err != nil {
		return nil, fmt.Errorf("show task: %w", err)
	}
	names, err := e.names(ctx)
	if err != nil {
		return nil, err
	}
	a := taskAnswer(t, names, api.CallerOf(ctx).Person)
	return &a, nil
}

func taskAnswer(t job.Task, names map[string]string, p api.Person) TaskAnswer {
	a := TaskAnswer{
		ID: t.ID, Finding: t.Finding, Findings: len(t.Findings), Severity: string(t.Severity), State: string(t.State), Overdue: t.Overdue,
		Owner: t.Owner, OwnerName: names[t.Owner], OpenedAt: t.Opened, Due: t.Due, ClaimedAt: t.Claimed,
		Unproven: []TaskPlace{}, MayClaim: mayClaim(t, p) && t.State != exposure.TaskStopped,
	}
	if len(t.Places) > 0 {
		a.Target = t.Places[0].Target
	}
	for _, u := range t.Unproven {
		a.Unproven = append(a.Unproven, TaskPlace{Kind: string(u.Kind), Target: u.Target, Why: u.Why})
	}
	if t.State == exposure.TaskStopped {
		for _, m := range t.Marks {
			if m.State == exposure.TaskStopped && !m.At.Before(a.ProvenAt) {
				a.ProvenAt, a.ProvenBy = m.At, m.Scan
			}
		}
	}
	return a
}

// names are the names of accounts by their ids.
func (e *Exposures) names(ctx context.Context) (map[string]string, error) {
	owners, err := e.Owners(ctx)
	if err != nil {
		return nil, fmt.Errorf("list owners: %w", err)
	}
	names := make(map[string]string, len(owners))
	for _, o := range owners {
		names[o.ID] = o.Name
	}
	return names, nil
}

func (e *Exposures) listOwners(ctx context.Context, _ *struct{}) (*ownersOutput, error) {
	owners, err := e.Owners(ctx)
	if err != nil {
		return nil, fmt.Errorf("list owners: %w", err)
	}
	var out ownersOutput
	out.Body.Owners = make([]OwnerLine, 0, len(owners))
	for _, o := range owners {
		out.Body.Owners = append(out.Body.Owners, OwnerLine(o))
	}
	return &out, nil
}
