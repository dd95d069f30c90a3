package rival

import (
	"context"
	"fmt"

	"chipproof/apdu"
	"chipproof/proofing/thaiid"
)

// fields are the nine that others read, in their order.
var fields = []thaiid.Part{
	thaiid.PartCitizenID, thaiid.PartNameTH, thaiid.PartNameEN, thaiid.PartBirthDate, thaiid.PartSex,
	thaiid.PartIssuer, thaiid.PartIssueDate, thaiid.PartExpiryDate, thaiid.PartAddress,
}

// The photo as others ask for it (thai-id-card §7).
const (
	photoOffset = 0x017B
	photoBlocks = 20
	blockLength = 255
)

// ReadText reads nine fields in 19 exchanges.
func ReadText(ctx context.Context, card apdu.Transmitter) error {
	if _, err := card.Transmit(ctx, append([]byte{0x00, 0xA4, 0x04, 0x00, byte(len(thaiid.AIDMOI))}, thaiid.AIDMOI...)); err != nil {
		return fmt.Errorf("select: %w", err)
	}
	for _, part := range fields {
		for _, s := range thaiid.MOI {
			if s.Part != part {
				continue
			}
			if err := readBlock(ctx, card, s.Offset, s.Length); err != nil {
				return err
			}
		}
	}
	return nil
}

// ReadPhoto reads twenty blocks in 40 exchanges. ReadText comes first.
func ReadPhoto(ctx context.Context, card apdu.Transmitter) error {
	for i := range photoBlocks {
		if err := readBlock(ctx, card, photoOffset+i*blockLength, blockLength); err != nil {
			return err
		}
	}
	return nil
}

func readBlock(ctx context.Context, card apdu.Transmitter, offset, length int) error {
	if _, err := card.Transmit(ctx, []byte{0x80, 0xB0, byte(offset >> 8), byte(offset), 0x02, 0x00, byte(length)}); err != nil {
		return fmt.Errorf("read: %w", err)
	}
	if _, err := card.Transmit(ctx, []byte{0x00, 0xC0, 0x00, 0x00, byte(length)}); err != nil {
		return fmt.Errorf("get response: %w", err)
	}
	return nil
}
