package simulator

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"chipproof/proofing/thaiid"
)

// Bounds of what a plan may ask for, so that a plan that came over HTTP can't
// take the machine down.
const (
	maxFaults       = 1000
	maxExchange     = 100_000
	maxTimes        = 1_000_000
	maxMilliseconds = 10 * 60 * 1000
	maxGarbage      = 128 << 10
)

// fieldChipNumber is GET DATA 9F7F, which no row of the layout describes.
const fieldChipNumber = "card.chip_number"

// atConnect are the acts that make sense before the first exchange.
var atConnect = []Act{DoSharing, DoError, DoDelay, DoMute, DoHang, DoRemove, DoUnplug, DoServiceStop}

// check says what is wrong with a plan, however it was made.
func (p Plan) check() error {
	if len(p) > maxFaults {
		return fmt.Errorf("%w: %d faults, at most %d", ErrPlanInvalid, len(p), maxFaults)
	}
	for i, f := range p {
		if err := f.check(); err != nil {
			return fmt.Errorf("%w: fault %d: %w", ErrPlanInvalid, i+1, err)
		}
	}
	return nil
}

func (f Fault) check() error {
	if err := f.checkWhere(); err != nil {
		return err
	}
	if err := f.checkWhat(); err != nil {
		return err
	}
	switch {
	case f.Times < 0 || f.Times > maxTimes:
		return fmt.Errorf("times: 1 to %d", maxTimes)
	case f.Times > 0 && f.Until != "":
		return errors.New("times and until: one of them")
	case f.Until != "" && f.Until != UntilReset && f.Until != UntilCleared:
		return errors.New("until: reset or cleared")
	}
	return nil
}

func (f Fault) checkWhere() error {
	given := 0
	for _, is := range []bool{f.Exchange != 0, f.Field != "", f.At != ""} {
		if is {
			given++
		}
	}
	switch {
	case given != 1:
		return errors.New("where: exactly one of exchange, field and at")
	case f.Exchange < 0 || f.Exchange > maxExchange:
		return fmt.Errorf("exchange: 1 to %d", maxExchange)
	case f.At != "" && f.At != AtConnect:
		return errors.New("at: connect")
	case f.At == AtConnect && !slices.Contains(atConnect, f.Do):
		return fmt.Errorf("do: %s can't happen at connect", f.Do)
	case f.Do == DoSharing && f.At != AtConnect:
		return errors.New("do: sharing happens at connect")
	case f.Field != "" && !isField(f.Field):
		return fmt.Errorf("field: no field or part is called %.40q", f.Field)
	}
	return nil
}

func isField(name string) bool {
	return name == fieldChipNumber ||
		thaiid.AllFields().Has(thaiid.Field(name)) ||
		slices.ContainsFunc(allSegments(), func(s thaiid.Segment) bool { return string(s.Part) == name })
}

func (f Fault) checkWhat() error {
	switch f.Do {
	case DoStatus:
		if len(f.Word) == 0 {
			return errors.New("word: at least one status word")
		}
	case DoSwap:
		if _, err := PersonNamed(f.Person); err != nil {
			return fmt.Errorf("person: %w", err)
		}
	case DoError:
		if errorOf(f.Error) == nil || f.Error == kindOther {
			return fmt.Errorf("error: no error is called %.40q, there are %s", f.Error, strings.Join(kindNames(), ", "))
		}
	case DoDelay:
		if f.Milliseconds <= 0 || f.Milliseconds > maxMilliseconds {
			return fmt.Errorf("ms: 1 to %d", maxMilliseconds)
		}
	case DoTorn, DoRemove:
		return f.checkLoss()
	case DoTruncate, DoGarbage, DoFlip, DoEndless61:
		return f.checkData()
	case DoUnplug, DoServiceStop, DoReset, DoSharing, DoAnswer, DoMute, DoHang:
	default:
		return noSuchAct(f.Do)
	}
	return nil
}

func (f Fault) checkLoss() error {
	switch {
	case !slices.Contains([]Whereabouts{"", CardGone, CardBack, CardStays}, f.Card):
		return errors.New("card: gone, back or stays")
	case !slices.Contains([]Shape{"", ShowsRemoved, ShowsEmpty, ShowsTorn}, f.Shows):
		return errors.New("shows: removed, empty or torn")
	case f.Lag < 0 || f.Lag > maxMilliseconds:
		return fmt.Errorf("lag: 0 to %d", maxMilliseconds)
	}
	return nil
}

func (f Fault) checkData() error {
	longest := maxGarbage
	if f.Do == DoEndless61 {
		longest = 256 // what SW2 can announce
	}
	switch {
	case f.Keep < 0 || f.Byte < 0:
		return errors.New("keep and byte: not below 0")
	case f.Bit < 0 || f.Bit > 7:
		return errors.New("bit: 0 to 7")
	case f.Length < 0 || f.Length > longest:
		return fmt.Errorf("length: 0 to %d", longest)
	}
	return nil
}

// bringer says whether f changes the data that an answer brings, and so is due
// with the answer and not with the command.
func (f Fault) bringer() bool {
	return f.Do == DoTruncate || f.Do == DoGarbage || f.Do == DoFlip
}
