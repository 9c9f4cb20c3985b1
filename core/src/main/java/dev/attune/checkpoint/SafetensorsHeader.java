package dev.attune.checkpoint;

import dev.attune.error.CheckpointException;
import dev.attune.io.MappedFile;
import dev.attune.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * The first part of a safetensors file: eight bytes of length, then JSON. Stricter than the reference reader in two
 * places where the format is: duplicate keys and anything before the brace are refused. Read token by token, so that a
 * hostile header of 100 MB cannot fill the heap with a tree.
 *
 * <p>Source: the format section of https://github.com/huggingface/safetensors.
 */
final class SafetensorsHeader {
    static final long MAX_LENGTH = 100_000_000;
    private static final int MAX_TENSORS = 100_000;
    private static final int MAX_DIMENSIONS = 64;
    private static final String REMEDY = " The file is damaged or not safetensors: fetch or export it again.";

    /** A tensor's place, relative to the end of the header. */
    record Place(TensorInfo info, long begin, long end) {}

    private final MappedFile file;
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final List<Place> places = new ArrayList<>();
    private final long dataStart;

    static SafetensorsHeader read(MappedFile file) {
        return new SafetensorsHeader(file);
    }

    /** Tensors in the order of their bytes. */
    List<Place> places() {
        return places;
    }

    Map<String, String> metadata() {
        return metadata;
    }

    /** Where the bytes of the tensors begin in the file. */
    long dataStart() {
        return dataStart;
    }

    private SafetensorsHeader(MappedFile file) {
        this.file = file;
        if (file.size() < 8) {
            throw fault("is " + file.size() + " bytes long, but safetensors starts with an 8-byte header length.");
        }
        long length = file.slice(0, 8).getLong();
        if (length < 0 || length > MAX_LENGTH) {
            throw fault("claims a header of " + Long.toUnsignedString(length) + " bytes, but at most " + MAX_LENGTH
                    + " are allowed.");
        }
        if (length > file.size() - 8) {
            throw fault("claims a header of " + length + " bytes, but only " + (file.size() - 8) + " follow.");
        }
        dataStart = 8 + length;
        parse(decode(file.slice(8, length)));
        places.sort(Comparator.comparingLong(Place::begin).thenComparingLong(Place::end));
        checkPlaces();
    }

    private String decode(ByteBuffer bytes) {
        if (bytes.remaining() == 0 || bytes.get(0) != '{') {
            throw fault("has a header that does not begin with '{'.");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(bytes)
                    .toString();
        } catch (CharacterCodingException e) {
            throw fault("has a header that is not UTF-8.");
        }
    }

    private void parse(String header) {
        JsonFactory json = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        try (JsonParser parser = json.createParser(ObjectReadContext.empty(), header)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (name.equals("__metadata__")) {
                    readMetadata(parser);
                } else {
                    if (places.size() == MAX_TENSORS) {
                        throw fault("lists more than " + MAX_TENSORS + " tensors. No model has that many in one file.");
                    }
                    places.add(readPlace(name, parser));
                }
            }
            if (parser.nextToken() != null) throw fault("has text after the JSON object of its header.");
        } catch (JacksonException e) {
            throw fault("has a header that is not valid JSON (" + e.getOriginalMessage() + ").");
        }
    }

    private void readMetadata(JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw fault("has a \"__metadata__\" that is not a JSON object.");
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            if (parser.nextToken() != JsonToken.VALUE_STRING) {
                throw fault("has \"__metadata__\" whose \"" + key + "\" is not a string.");
            }
            metadata.put(key, parser.getString());
        }
    }

    private Place readPlace(String name, JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw fault(name, "is not described by a JSON object.");
        }
        @Nullable DType dtype = null;
        long @Nullable [] shape = null;
        long @Nullable [] offsets = null;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            parser.nextToken();
            switch (key) {
                case "dtype" -> dtype = dtype(name, parser);
                case "shape" -> shape = numbers(name, key, parser);
                case "data_offsets" -> offsets = numbers(name, key, parser);
                default -> parser.skipChildren();
            }
        }
        if (dtype == null) throw fault(name, "has no \"dtype\".");
        if (shape == null) throw fault(name, "has no \"shape\".");
        if (offsets == null) throw fault(name, "has no \"data_offsets\".");
        return place(name, dtype, shape, offsets);
    }

    private Place place(String name, DType dtype, long[] shape, long[] offsets) {
        TensorInfo info;
        try {
            info = new TensorInfo(name, dtype, shape);
        } catch (IllegalArgumentException e) {
            throw fault(name, e.getMessage() + ".");
        }
        if (offsets.length != 2) {
            throw fault(name, "has " + offsets.length + " data_offsets, but begin and end were expected.");
        }
        long begin = offsets[0];
        long end = offsets[1];
        if (begin < 0 || end < begin) {
            throw fault(name, "has data_offsets [" + begin + ", " + end + "], which is no range.");
        }
        if (end - begin != info.byteSize()) {
            throw fault(
                    name,
                    "has " + (end - begin) + " bytes in data_offsets, but its type and shape (" + info + ") need "
                            + info.byteSize() + ".");
        }
        return new Place(info, begin, end);
    }

    private DType dtype(String name, JsonParser parser) {
        if (parser.currentToken() != JsonToken.VALUE_STRING) throw fault(name, "has a dtype that is not a string.");
        DType dtype = SafetensorsTypes.read(parser.getString());
        if (dtype == null) {
            throw new CheckpointException(where(name) + "has dtype \"" + parser.getString() + "\", which is not one of "
                    + SafetensorsTypes.names() + ". Convert the model to one of these types, for example BF16.");
        }
        return dtype;
    }

    private long[] numbers(String name, String key, JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_ARRAY) throw fault(name, "has a " + key + " that is not a list.");
        long[] numbers = new long[MAX_DIMENSIONS];
        int count = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            boolean number = parser.currentToken() == JsonToken.VALUE_NUMBER_INT;
            if (!number || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                throw fault(
                        name,
                        "has \"" + parser.getString() + "\" in " + key
                                + ", but whole numbers of at most 64 bits were expected.");
            }
            if (count == MAX_DIMENSIONS) {
                throw fault(name, "has more than " + MAX_DIMENSIONS + " numbers in " + key + ".");
            }
            numbers[count++] = parser.getLongValue();
        }
        return Arrays.copyOf(numbers, count);
    }

    /** Sorted by begin, each tensor must start where the one before ended, and the last must end with the file. */
    private void checkPlaces() {
        long position = 0;
        String before = "the header";
        for (Place place : places) {
            String name = place.info().name();
            if (place.begin() < position) {
                throw fault(
                        name,
                        "begins at " + place.begin() + ", overlapping " + before + ", which ends at " + position + ".");
            }
            if (place.begin() > position) {
                throw fault(
                        name,
                        "begins at " + place.begin() + ", leaving a hole after " + before + ", which ends at "
                                + position + ".");
            }
            position = place.end();
            before = "\"" + name + "\"";
        }
        long data = file.size() - dataStart;
        if (position > data) {
            throw fault("ends too early: its tensors need " + position + " bytes after the header, but " + data
                    + " are there. It is probably an incomplete download.");
        }
        if (position < data) {
            throw fault("has " + (data - position) + " trailing bytes that belong to no tensor.");
        }
    }

    private CheckpointException fault(String tensor, String detail) {
        return new CheckpointException(where(tensor) + detail + REMEDY);
    }

    private CheckpointException fault(String detail) {
        return new CheckpointException(file.path() + " " + detail + REMEDY);
    }

    private String where(String tensor) {
        return file.path() + ": tensor \"" + tensor + "\" ";
    }
}
