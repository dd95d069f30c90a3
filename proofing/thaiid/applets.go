package thaiid

import (
	"context"
	"errors"

	"chipproof/apdu"
)

// others reads what lives outside the MOI applet, before it: selecting another
// applet loses the first (thai-id-card §1). A refusal means "not to be had" and
// doesn't fail the identity; anything else that goes wrong does.
func (r *reader) others(ctx context.Context, out *raw) (err error) {
	nhso := plan{layout: NHSO, fields: r.fields}
	ahead := len(out.plan.remaining(&memory{})) + 1
	chip, laser, right := r.fields.Has(FieldCard), r.fields.Has(FieldLaserCode), r.fields.Has(FieldNHSO)
	if right {
		ahead += len(nhso.remaining(&memory{}))
	}
	if laser {
		ahead++
	}

	if chip {
		if out.cplc, err = r.chipNumber(ctx); err != nil {
			return blame(PartChipNumber, err)
		}
		r.step(ahead)
	}
	if laser {
		if out.laser, err = r.laserCode(ctx); err != nil {
			return blame(PartLaserCode, err)
		}
		ahead--
		r.step(ahead)
	}
	if right {
		return r.healthRight(ctx, nhso, out, ahead-len(nhso.remaining(&memory{})))
	}
	return nil
}

// cplcLength is tag, length and 42 bytes of Card Production Life Cycle data.
const cplcLength = 45

// chipNumber reads the CPLC, nil when GET DATA is refused. The default SELECT
// before it may be refused; that ends nothing (§8).
func (r *reader) chipNumber(ctx context.Context) ([]byte, error) {
	if err := r.ch.Run(ctx, selectApplet(nil)); err != nil && !refused(err) {
		return nil, err
	}
	return unlessRefused(r.ch.Do(ctx, apdu.Command{CLA: 0x80, INS: 0xCA, P1: 0x9F, P2: 0x7F, Ne: cplcLength}))
}

// laserCode reads the ADM applet's answer, nil when it is refused. Cards up to
// about 2015 are said to give trouble here (thai-smartcard-nodejs #24).
func (r *reader) laserCode(ctx context.Context) ([]byte, error) {
	if err := r.ch.Run(ctx, selectApplet(AIDADM)); err != nil {
		return unlessRefused(nil, err)
	}
	return unlessRefused(r.ch.Do(ctx, apdu.Command{CLA: 0x80, Ne: 0x17}))
}

// healthRight reads the NHSO applet. A card without it is as good as any.
func (r *reader) healthRight(ctx context.Context, p plan, out *raw, later int) error {
	err := r.ch.Run(ctx, selectApplet(AIDNHSO))
	if errors.Is(err, apdu.ErrNotFound) {
		return nil
	}
	var mem memory
	if err != nil {
		err = blame(PartNHSO, err)
	} else {
		err = r.fill(ctx, &p, &mem, later, func(*plan, *memory) error { return nil })
	}
	if _, status := errors.AsType[apdu.Status](err); status {
		out.nhsoRefused = true
		return nil
	}
	if err == nil {
		out.nhso = &mem
	}
	return err
}

// unlessRefused turns a refusal into no data, which is not an empty answer.
func unlessRefused(data []byte, err error) ([]byte, error) {
	if _, status := errors.AsType[apdu.Status](err); status {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return append([]byte{}, data...), nil
}
