package dev.attune.report;

import dev.attune.checkpoint.StateDict;
import dev.attune.checkpoint.Stateful;
import dev.attune.report.Svg.Anchor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The course of a training as an SVG picture: the logged training loss (pale), the same smoothed (a weighted mean of
 * neighbours), and the evaluation losses, a line for each set, with the lowest one of the first set marked. Points that are not finite are left out. A long
 * training is thinned to some hundred points, so the picture stays small.
 */
public final class LossCurve implements Stateful {
    private static final double WIDTH = 820, HEIGHT = 420, LEFT = 68, RIGHT = 20, TOP = 62, BOTTOM = 50;
    private static final String TRAIN = "#2f6fb3";
    /** One for each set; more sets than colours begin anew. */
    private static final List<String> EVALUATION = List.of("#c43e08", "#1b7f4d", "#8a3ffc", "#9f6b00", "#b5179e");

    private static final int MOST_POINTS = 600;

    private record Point(long step, double loss) {}

    private final String title;
    private final String measure;
    private final List<Point> train = new ArrayList<>();
    /** By the name of the set. */
    private final Map<String, List<Point>> evaluations = new LinkedHashMap<>();

    /** @param title what was trained; shown above the picture */
    public LossCurve(String title) {
        this(title, "loss");
    }

    /** @param measure what is drawn in place of the loss; the lower, the better */
    public LossCurve(String title, String measure) {
        this.title = title;
        this.measure = measure;
    }

    /** Adds one logged training loss. Steps must not go back. */
    public LossCurve train(long step, double loss) {
        if (Double.isFinite(loss)) train.add(new Point(step, loss));
        return this;
    }

    /** Adds the loss of one evaluation on the set without a name. */
    public LossCurve evaluation(long step, double loss) {
        return evaluation("", step, loss);
    }

    /** Adds the loss of one evaluation on a set. */
    public LossCurve evaluation(String set, long step, double loss) {
        if (!Double.isFinite(loss)) return this;
        evaluations.computeIfAbsent(set, name -> new ArrayList<>()).add(new Point(step, loss));
        return this;
    }

    @Override
    public void save(StateDict state) {
        ObjectNode sets = JsonMapper.shared().createObjectNode();
        evaluations.forEach((set, points) -> sets.set(set, json(points)));
        state.put("train", json(train)).put("evaluations", sets);
    }

    @Override
    public void load(StateDict state) {
        train.clear();
        take(state.value("train"), train);
        evaluations.clear();
        for (Map.Entry<String, JsonNode> set : state.value("evaluations").properties()) {
            List<Point> points = new ArrayList<>();
            take(set.getValue(), points);
            evaluations.put(set.getKey(), points);
        }
    }

    private static JsonNode json(List<Point> points) {
        ArrayNode list = JsonMapper.shared().createArrayNode();
        for (Point point : points) list.addArray().add(point.step()).add(point.loss());
        return list;
    }

    private static void take(JsonNode stored, List<Point> points) {
        for (JsonNode point : stored) {
            points.add(new Point(point.path(0).asLong(), point.path(1).asDouble()));
        }
    }

    /** The picture as an SVG document; without any point, one that says so. */
    public String svg() {
        var svg = new Svg(WIDTH, HEIGHT, title);
        svg.text(
                16,
                26,
                16,
                Anchor.START,
                Svg.INK,
                LabelText.fit(List.of(title), 84).get(0));
        List<Point> all = new ArrayList<>(train);
        evaluations.values().forEach(all::addAll);
        if (all.isEmpty()) {
            svg.text(WIDTH / 2, HEIGHT / 2, 14, Anchor.MIDDLE, Svg.MUTED, "No " + measure + " was logged.");
            return svg.document();
        }
        List<Point> smooth = smoothed();
        double low = all.stream().mapToDouble(Point::loss).min().orElseThrow();
        double high = all.stream().mapToDouble(Point::loss).max().orElseThrow();
        Axis y = Axis.over(low >= 0 && low < high / 2 ? 0 : low, high, 5, HEIGHT - BOTTOM, TOP);
        long last = all.stream().mapToLong(Point::step).max().orElseThrow();
        Axis x = Axis.steps(last, LEFT, WIDTH - RIGHT);

        axes(svg, x, y);
        svg.path(line(thinned(train), x, y), TRAIN, smooth.isEmpty() ? 2 : 1, smooth.isEmpty() ? 1 : 0.35);
        svg.path(line(thinned(smooth), x, y), TRAIN, 2.4, 1);
        if (train.size() == 1) {
            Point only = train.get(0);
            svg.circle(x.at(only.step()), y.at(only.loss()), 3.5, TRAIN, "#ffffff", hover("training", only));
        }
        int set = 0;
        for (Map.Entry<String, List<Point>> each : evaluations.entrySet()) {
            evaluations(svg, x, y, colour(set), evaluation(each.getKey()), each.getValue());
            if (set++ == 0) best(svg, x, y, each.getValue());
        }
        legend(svg, !smooth.isEmpty());
        return svg.document();
    }

    /**
     * Each point becomes the mean of its neighbourhood, the near ones weighing more; the same reach on both sides, so
     * no lag.
     */
    private List<Point> smoothed() {
        int n = train.size();
        if (n < 10) return List.of();
        int widest = Math.max(2, Math.min(100, n / 25));
        List<Point> out = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            int reach = Math.min(widest, Math.min(i, n - 1 - i));
            double sum = 0, weights = 0;
            for (int j = -reach; j <= reach; j++) {
                double weight = reach + 1 - Math.abs(j);
                sum += weight * train.get(i + j).loss();
                weights += weight;
            }
            out.add(new Point(train.get(i).step(), sum / weights));
        }
        return out;
    }

    /** Lowest and highest point of each stretch, so that thinning hides no spike. */
    private static List<Point> thinned(List<Point> points) {
        if (points.size() <= MOST_POINTS) return points;
        List<Point> out = new ArrayList<>();
        int stretches = MOST_POINTS / 2;
        for (int i = 0; i < stretches; i++) {
            int from = (int) ((long) points.size() * i / stretches);
            List<Point> stretch = points.subList(from, (int) ((long) points.size() * (i + 1) / stretches));
            int lowest = 0, highest = 0;
            for (int j = 1; j < stretch.size(); j++) {
                if (stretch.get(j).loss() < stretch.get(lowest).loss()) lowest = j;
                if (stretch.get(j).loss() > stretch.get(highest).loss()) highest = j;
            }
            out.add(stretch.get(Math.min(lowest, highest)));
            if (lowest != highest) out.add(stretch.get(Math.max(lowest, highest)));
        }
        return out;
    }

    private static StringBuilder line(List<Point> points, Axis x, Axis y) {
        var path = new StringBuilder();
        for (Point point : points) path.append(Svg.point(path.isEmpty(), x.at(point.step()), y.at(point.loss())));
        return path;
    }

    private void axes(Svg svg, Axis x, Axis y) {
        for (double tick : y.ticks()) {
            svg.line(LEFT, y.at(tick), WIDTH - RIGHT, y.at(tick), Svg.GRID, 1);
            svg.text(LEFT - 8, y.at(tick) + 4, 11, Anchor.END, Svg.MUTED, y.label(tick));
        }
        double floor = HEIGHT - BOTTOM;
        svg.line(LEFT, floor, WIDTH - RIGHT, floor, Svg.MUTED, 1);
        for (double tick : x.ticks()) {
            svg.line(x.at(tick), floor, x.at(tick), floor + 5, Svg.MUTED, 1);
            svg.text(x.at(tick), floor + 18, 11, Anchor.MIDDLE, Svg.MUTED, x.label(tick));
        }
        svg.text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, 12, Anchor.MIDDLE, Svg.MUTED, "optimizer step");
        svg.turned(18, (TOP + floor) / 2, -90, 12, Anchor.MIDDLE, Svg.MUTED, measure);
    }

    private void evaluations(Svg svg, Axis x, Axis y, String colour, String what, List<Point> points) {
        svg.path(line(thinned(points), x, y), colour, 1.6, 0.8);
        for (Point point : points.size() > MOST_POINTS / 4 ? List.<Point>of() : points) {
            svg.circle(x.at(point.step()), y.at(point.loss()), 4, colour, "#ffffff", hover(what, point));
        }
    }

    private static String colour(int set) {
        return EVALUATION.get(set % EVALUATION.size());
    }

    /** What an evaluation on a set is called. */
    private static String evaluation(String set) {
        return set.isEmpty() ? "evaluation" : set;
    }

    private void best(Svg svg, Axis x, Axis y, List<Point> points) {
        Point best = Collections.min(points, Comparator.comparingDouble(Point::loss));
        double px = x.at(best.step()), py = y.at(best.loss());
        svg.circle(px, py, 7, "none", colour(0), hover("lowest evaluation", best));
        Anchor anchor = px > WIDTH - 90 ? Anchor.END : px < LEFT + 40 ? Anchor.START : Anchor.MIDDLE;
        // Above the point, unless that is outside the picture; the white rim keeps it legible on the lines.
        double ty = py - 14 < TOP ? py + 22 : py - 14;
        svg.halo(px, ty, 11, anchor, colour(0), "lowest " + number(best.loss()));
    }

    private void legend(Svg svg, boolean smooth) {
        double x = LEFT, y = 46;
        if (!train.isEmpty()) x = entry(svg, x, y, TRAIN, smooth ? 0.35 : 1, smooth ? 1 : 2, "training " + measure);
        if (smooth) x = entry(svg, x, y, TRAIN, 1, 2.4, "smoothed");
        int set = 0;
        for (String name : evaluations.keySet()) {
            String text = evaluation(name) + " " + measure;
            if (x + 28 + Svg.textWidth(text.length(), 12) > WIDTH - RIGHT)
                return; // pointing at a line tells its name, too
            svg.circle(x + 11, y - 4, 4, colour(set), "#ffffff", text);
            x = entry(svg, x, y, colour(set++), 0.8, 1.6, text);
        }
    }

    private static double entry(Svg svg, double x, double y, String colour, double opacity, double thick, String name) {
        svg.path(Svg.point(true, x, y - 4) + Svg.point(false, x + 22, y - 4), colour, thick, opacity);
        svg.text(x + 28, y, 12, Anchor.START, Svg.INK, name);
        return x + 28 + Svg.textWidth(name.length(), 12) + 22;
    }

    private String hover(String what, Point point) {
        return what + " " + measure + " " + number(point.loss()) + " at step " + point.step();
    }

    private static String number(double loss) {
        return String.format(
                Locale.ROOT, Math.abs(loss) >= 1e5 || (loss != 0 && Math.abs(loss) < 1e-3) ? "%.3e" : "%.4f", loss);
    }
}
