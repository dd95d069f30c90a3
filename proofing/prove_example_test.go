package proofing_test

import (
	"context"
	"fmt"
	"time"

	"chipproof/cardreader"
	"chipproof/proofing"
	"chipproof/simulator"
)

// memory keeps proofings for as long as an example lasts.
type memory struct{ records []proofing.Record }

func (m *memory) RecordProofing(_ context.Context, r proofing.Record) (string, error) {
	m.records = append(m.records, r)
	return "pf-20261123-000001", nil
}

func (*memory) Pseudonym(string, int, string) (string, error) { return "p-1", nil }

// Our own console asks who somebody is; the clerk compares the face and agrees.
func ExampleProver_Prove() {
	machine := simulator.NewMachine("Simulated Reader 1")
	holder, _ := simulator.PersonNamed("default")
	card, _ := simulator.NewCard(holder, simulator.CardOptions{})
	_ = machine.Insert("Simulated Reader 1", card)

	kept := &memory{}
	prover := &proofing.Prover{
		Readers: cardreader.New(machine, cardreader.Options{}),
		Policy:  proofing.DefaultPolicy(), Schemes: proofing.CurrentSchemes(),
		Ledger: kept, Pseudonyms: kept, Now: time.Now, Test: true,
	}
	purpose, _ := prover.Policy.Purpose(proofing.IdentityProofing)
	result, err := prover.Prove(context.Background(), proofing.Asked{
		ID: "5f0c1e7a9b3d4c2f8e6a0d1b2c3f4e5d", Purpose: purpose, Fields: purpose.Fields[:2], Reader: "Simulated Reader 1",
	}, agrees(""), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Verdict.Decision, result.Txn, result.Identity.Name.TH)
	// Output: accepted pf-20261123-000001 {[hidden] [hidden] [hidden] [hidden]}
}
