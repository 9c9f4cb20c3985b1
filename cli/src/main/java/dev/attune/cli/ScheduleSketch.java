package dev.attune.cli;

import dev.attune.optim.Schedule;
import dev.attune.optim.ScheduleArguments;
import dev.attune.train.SchedulerType;
import java.util.Locale;
import java.util.Map;

/** The curves of all schedules in a terminal, one line each: a run of so many steps with a tenth of them for the warm-up. */
final class ScheduleSketch {
    private static final int STEPS = 50;
    private static final int WARMUP = STEPS / 10;
    private static final String BLOCKS = " ▁▂▃▄▅▆▇█";
    /** Arguments of those that need some, or show nothing without. */
    private static final Map<String, String> ARGUMENTS = Map.of(
            "cosine_with_restarts", "num_cycles=3",
            "polynomial", "power=2",
            "cosine_with_min_lr", "min_lr_rate=0.2",
            "cosine_warmup_with_min_lr", "min_lr_rate=0.2",
            "warmup_stable_decay", "num_decay_steps=15");

    private ScheduleSketch() {}

    static String all() {
        StringBuilder out = new StringBuilder("\n  " + STEPS + " steps, warmup_steps: " + WARMUP + "\n\n");
        for (SchedulerType type : SchedulerType.values()) {
            String name = type.toString();
            String line = Schedule.NAMES.contains(name) ? curve(name) : "by the evaluations";
            out.append(String.format(Locale.ROOT, "  %-26s %s  %s%n", name, line, ARGUMENTS.getOrDefault(name, ""))
                            .stripTrailing())
                    .append('\n');
        }
        return out.toString();
    }

    private static String curve(String name) {
        ScheduleArguments arguments = ScheduleArguments.builder()
                .text(ARGUMENTS.getOrDefault(name, ""))
                .build();
        Schedule schedule = Schedule.named(name, arguments, 1, WARMUP, STEPS);
        StringBuilder curve = new StringBuilder();
        for (int step = 0; step < STEPS; step++) {
            curve.append(BLOCKS.charAt((int) Math.round(schedule.factor(step) * (BLOCKS.length() - 1))));
        }
        return curve.toString();
    }
}
