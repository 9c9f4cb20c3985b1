package dev.attune.task.fillmask;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a {@link FillMaskPipeline} answers.
 *
 * @param masks for each mask of the text, in order, the tokens that may stand there, the likeliest first
 */
public record MaskAnswer(List<List<Filling>> masks) {
    public MaskAnswer {
        masks = List.copyOf(masks);
    }

    /** The likeliest token for the first mask. */
    public Filling best() {
        return masks.get(0).get(0);
    }

    /** The form of the Hugging Face pipeline: a list for the only mask, or a list of such lists for several. */
    public List<?> json() {
        List<List<Map<String, Object>>> lists = new ArrayList<>();
        for (List<Filling> mask : masks)
            lists.add(mask.stream().map(Filling::toMap).toList());
        return lists.size() == 1 ? lists.get(0) : lists;
    }
}
