package rp

import (
	"context"
	"errors"
	"fmt"

	"chipproof/proofing/proof"
)

// Text is something said to people, in both languages.
type Text struct {
	TH string `json:"th"`
	EN string `json:"en"`
}

// What became of a step.
const (
	StepPassed     = "passed"
	StepRefused    = "refused"
	StepNotReached = "not_reached"
)

// Step is one step of the judgement, as a person sees it.
type Step struct {
	// N is its number in proof §6; 0 is the state of the page road.
	N int `json:"n"`
	// Name is a fixed word.
	Name  string `json:"name"`
	Title Text   `json:"title"`
	// State is passed, refused or not_reached.
	State string `json:"state"`
	// Why is the reason of a refusal, for a developer.
	Why string `json:"why,omitzero"`
}

// Report is what the backend found about a proof, step by step.
type Report struct {
	Accepted bool   `json:"accepted"`
	Steps    []Step `json:"steps"`
	// Outcome is what the site keeps of it. It is there once the proof is known to
	// be genuine, made for this site and used for the first time; the person is in
	// it only if it was accepted.
	Outcome *Outcome `json:"outcome,omitzero"`
}

// stateStep comes before all others on the page road.
const stateStep = "state"

// errState is the page road's own refusal (agent-security §13, row G6).
var errState = errors.New("the state is of no request that this session made")

// titles are the steps in words.
func titles() map[string]Text {
	return map[string]Text{
		stateStep:   {"state เป็นของเซสชันนี้", "the state is of this session"},
		"form":      {"รูปแบบของผลพิสูจน์ถูกต้อง", "the proof has the right form"},
		"header":    {"ส่วนหัวมีเพียงสามค่าที่ตกลงไว้", "the header holds the three agreed members and no other"},
		"key":       {"ลงนามด้วยกุญแจที่เว็บนี้ตั้งค่าไว้และยังไม่ถูกเพิกถอน", "signed under a key that this site was given, and that is not revoked"},
		"signature": {"ลายเซ็นถูกต้อง", "the signature is right"},
		"payload":   {"เนื้อหาครบและถูกชนิด", "all claims are there, of the right type"},
		"issuer":    {"ออกโดยหน่วยงานที่เป็นเจ้าของกุญแจ", "issued by the organisation whose key it is"},
		"audience":  {"ออกให้เว็บนี้", "made for this site"},
		"time":      {"ยังไม่หมดอายุ และไม่มาจากอนาคต", "neither expired nor from the future"},
		"mode":      {"เป็นโหมดทดสอบ ตามที่เว็บนี้ตั้งค่าไว้", "of test mode, as this site is set up"},
		"asked":     {"ต้นทางและวัตถุประสงค์ตรงกับที่ขอ", "for the origin and the purpose that asked"},
		"nonce":     {"nonce เป็นของเซสชันนี้ และยังไม่เคยใช้", "the nonce is of this session and was not used"},
		"replayed":  {"ไม่เคยเห็นผลพิสูจน์นี้มาก่อน", "this proof was not seen before"},
		"demand":    {"ผลคือยอมรับ และมีข้อเท็จจริงที่เว็บนี้ต้องการ", "accepted, with the facts that this site demands"},
		"operator":  {"เจ้าหน้าที่เข้าสู่ระบบด้วยสองปัจจัย", "staff logged in with two factors"},
		"photo":     {"รูปถ่าย (ถ้ามี) ตรงกับค่าที่ลงนามไว้", "the photo, if there is one, is the one that was signed"},
	}
}

// judge checks a proof by all steps of proof §6, in their order. An error means
// that nobody knows.
func (s *Site) judge(ctx context.Context, token string, photo []byte, store nonces) (Report, error) {
	if store.state != "" && !s.sessions.hasState(store.session, store.state) {
		return s.report(errState, store.state, nil), nil
	}
	keys, err := s.agentKeys()
	if err != nil {
		return Report{}, err
	}
	now, ask := s.options.Clock(), s.options.Ask
	p, err := proof.Verify(token, proof.Options{
		Issuers: []proof.Issuer{{Name: s.options.Issuer, Keys: keys}}, Deny: s.options.Denied,
		Audience: s.options.Origin, Origin: s.options.Origin, Purpose: ask.Purpose, Mode: proof.Test, Now: now,
	})
	if err != nil {
		return s.report(err, store.state, nil), nil // nothing was used up
	}
	if err := proof.Redeem(ctx, p, store); err != nil {
		if _, refused := proof.StepOf(err); !refused {
			return Report{}, fmt.Errorf("judge proof: %w", err)
		}
		return s.report(err, store.state, nil), nil
	}
	return s.report(ask.Demand.Check(p, photo, now), store.state, p), nil
}

func (s *Site) agentKeys() (proof.KeySet, error) {
	if s.options.AgentKeys == nil {
		return proof.KeySet{}, nil
	}
	file, err := s.options.AgentKeys()
	if err != nil {
		return proof.KeySet{}, fmt.Errorf("read the agent's keys: %w", err)
	}
	keys, err := proof.ParseKeys(file)
	if err != nil {
		return proof.KeySet{}, fmt.Errorf("read the agent's keys: %w", err)
	}
	return keys, nil
}

// report says how far a proof came.
func (s *Site) report(refusal error, state string, p *proof.Proof) Report {
	words, state0 := titles(), StepPassed
	report := Report{Accepted: refusal == nil && p != nil}
	add := func(n int, name string, cause error) {
		step := Step{N: n, Name: name, Title: words[name], State: state0}
		if state0 == StepPassed && refusal != nil && errors.Is(refusal, cause) {
			step.State, step.Why, state0 = StepRefused, refusal.Error(), StepNotReached
		}
		report.Steps = append(report.Steps, step)
	}
	if state != "" {
		add(0, stateStep, errState)
	}
	for _, step := range proof.Steps() {
		add(step.Number, step.Name, step.Err)
	}
	refused, _ := proof.StepOf(refusal)
	s.options.Log.Info("proof judged", "accepted", report.Accepted, "refused_at", refused.Name)
	if p != nil {
		report.Outcome = outcomeOf(p, report.Accepted)
	}
	return report
}
