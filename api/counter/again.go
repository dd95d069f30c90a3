package counter

import (
	"context"
	"fmt"

	"chipproof/api"
)

type againInput struct {
	Body struct {
		Origin string `json:"origin" minLength:"1" maxLength:"300" doc:"The origin, exactly as it is listed" example:"https://app.example.go.th"`
	}
}

// readAgain is the clerk's click for an origin that was told read_already.
func (c *Counter) readAgain(ctx context.Context, in *againInput) (*struct{}, error) {
	_, found, err := c.records.Origin(ctx, in.Body.Origin)
	if err == nil && !found {
		err = ErrOriginUnknown
	}
	if err == nil {
		err = c.records.RecordAgain(ctx, actor(api.CallerOf(ctx).Person), in.Body.Origin, c.now())
	}
	if err != nil {
		return nil, fmt.Errorf("read again: %w", err)
	}
	c.insertions.again(in.Body.Origin)
	return nil, nil
}
