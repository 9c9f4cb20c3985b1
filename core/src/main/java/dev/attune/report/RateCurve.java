package dev.attune.report;

import dev.attune.checkpoint.StateDict;
import dev.attune.checkpoint.Stateful;
import dev.attune.report.Svg.Anchor;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/**
 * The learning rate of each step as an SVG picture. A schedule is smooth: of a long training every second, fourth, eighth …
 * step is kept, so memory does not grow with it.
 */
public final class RateCurve implements Stateful {
    private static final double WIDTH = 820, HEIGHT = 260, LEFT = 78, RIGHT = 20, TOP = 46, BOTTOM = 50;
    private static final String LINE = "#2f6fb3";
    private static final int MOST_POINTS = 1000;

    private record Point(long step, double rate) {}

    private final List<Point> points = new ArrayList<>();
    private long stride = 1;
    private Point last = new Point(0, 0);

    /** Adds the rate that a step used. Steps must not go back. */
    public void add(long step, double rate) {
        last = new Point(step, rate);
        if ((step - 1) % stride != 0) return;
        points.add(last);
        if (points.size() < MOST_POINTS) return;
        stride *= 2;
        points.removeIf(point -> (point.step() - 1) % stride != 0);
    }

    @Override
    public void save(StateDict state) {
        ArrayNode list = JsonMapper.shared().createArrayNode();
        for (Point point : points) list.addArray().add(point.step()).add(point.rate());
        state.put("points", list).put("stride", stride).put("step", last.step()).put("rate", last.rate());
    }

    @Override
    public void load(StateDict state) {
        points.clear();
        stride = 1;
        if (!state.hasValue("points")) return; // a checkpoint of an older version
        for (JsonNode point : state.value("points")) {
            points.add(new Point(point.path(0).asLong(), point.path(1).asDouble()));
        }
        stride = state.integer("stride");
        last = new Point(state.integer("step"), state.real("rate"));
    }

    /** The picture as an SVG document; without any step, one that says so. */
    public String svg() {
        Svg svg = new Svg(WIDTH, HEIGHT, "Learning rate");
        svg.text(16, 26, 16, Anchor.START, Svg.INK, "Learning rate");
        if (last.step() == 0) {
            svg.text(WIDTH / 2, HEIGHT / 2, 14, Anchor.MIDDLE, Svg.MUTED, "No step was made.");
            return svg.document();
        }
        double high = points.stream().mapToDouble(Point::rate).max().orElse(last.rate());
        Axis y = Axis.over(0, high, 4, HEIGHT - BOTTOM, TOP);
        Axis x = Axis.steps(last.step(), LEFT, WIDTH - RIGHT);
        for (double tick : y.ticks()) {
            svg.line(LEFT, y.at(tick), WIDTH - RIGHT, y.at(tick), Svg.GRID, 1);
            svg.text(LEFT - 8, y.at(tick) + 4, 11, Anchor.END, Svg.MUTED, y.label(tick));
        }
        for (double tick : x.ticks()) {
            svg.line(x.at(tick), HEIGHT - BOTTOM, x.at(tick), HEIGHT - BOTTOM + 5, Svg.MUTED, 1);
            svg.text(x.at(tick), HEIGHT - BOTTOM + 18, 11, Anchor.MIDDLE, Svg.MUTED, x.label(tick));
        }
        StringBuilder path = new StringBuilder();
        for (Point point : points) path.append(Svg.point(path.isEmpty(), x.at(point.step()), y.at(point.rate())));
        path.append(Svg.point(path.isEmpty(), x.at(last.step()), y.at(last.rate())));
        svg.path(path, LINE, 2, 1);
        if (points.size() < 2) svg.circle(x.at(last.step()), y.at(last.rate()), 3.5, LINE, "#ffffff", "learning rate");
        svg.text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, 12, Anchor.MIDDLE, Svg.MUTED, "optimizer step");
        return svg.document();
    }
}
