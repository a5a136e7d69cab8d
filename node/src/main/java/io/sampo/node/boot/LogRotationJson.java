package io.sampo.node.boot;

import static io.sampo.node.boot.flag.ConfigException.Report.VERIFY;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.sampo.node.boot.flag.ConfigException;
import io.sampo.node.logging.LogRotation;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The value of {@code --log-rotation-config-json}, refused in the words of Go's JSON decoder. */
final class LogRotationJson {
  private static final long MEGABYTE = 1 << 20;
  private static final long DEFAULT_MEGABYTES = 100;

  private final Map<String, JsonPrimitive> members = new HashMap<>();

  private LogRotationJson() {}

  static LogRotation parse(String text) throws ConfigException {
    LogRotationJson json = new LogRotationJson();
    JsonElement root = read(text);
    if (root instanceof JsonObject object) {
      for (Map.Entry<String, JsonElement> member : object.entrySet()) {
        json.take(member.getKey().toLowerCase(Locale.ROOT), member.getValue());
      }
    } else if (!root.isJsonNull()) {
      throw invalid(
          "cannot unmarshal %s into Go value of type embed.logRotationConfig", type(root));
    }
    long megabytes = json.number("maxsize");
    return new LogRotation(
        (megabytes > 0 ? megabytes : DEFAULT_MEGABYTES) * MEGABYTE,
        json.number("maxage"),
        json.number("maxbackups"),
        json.flag("localtime"),
        json.flag("compress"));
  }

  private static JsonElement read(String text) throws ConfigException {
    if (text.isBlank()) {
      throw malformed("unexpected end of JSON input");
    }
    try (JsonReader reader = new JsonReader(new StringReader(text))) {
      reader.setStrictness(Strictness.LEGACY_STRICT);
      JsonElement root = new Gson().getAdapter(JsonElement.class).read(reader);
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw malformed("invalid character after top-level value");
      }
      return root;
    } catch (EOFException e) {
      throw malformed("unexpected end of JSON input");
    } catch (IOException | JsonParseException | IllegalStateException e) {
      throw malformed(
          e.getCause() instanceof EOFException
              ? "unexpected end of JSON input"
              : String.valueOf(e.getMessage()).lines().findFirst().orElse("invalid character"));
    }
  }

  private void take(String name, JsonElement value) throws ConfigException {
    String goType =
        switch (name) {
          case "maxsize", "maxage", "maxbackups" -> "int";
          case "localtime", "compress" -> "bool";
          case "filename" -> "string";
          default -> "";
        };
    if (goType.isEmpty() || value.isJsonNull()) {
      return;
    }
    String given = type(value);
    boolean whole = given.equals("number") && value.getAsString().matches("-?[0-9]{1,18}");
    boolean fits = goType.equals("int") ? whole : given.equals(goType);
    if (!fits) {
      String shown = given.equals("number") ? "number " + value.getAsString() : given;
      throw invalid(
          "cannot unmarshal %s into Go struct field logRotationConfig.Logger.%s of type %s",
          goType.equals("int") ? shown : given, name, goType);
    }
    members.put(name, value.getAsJsonPrimitive());
  }

  private long number(String name) {
    return members.containsKey(name) ? Math.max(0, members.get(name).getAsLong()) : 0;
  }

  private boolean flag(String name) {
    return members.containsKey(name) && members.get(name).getAsBoolean();
  }

  private static String type(JsonElement value) {
    if (value instanceof JsonPrimitive primitive) {
      return primitive.isBoolean() ? "bool" : primitive.isNumber() ? "number" : "string";
    }
    return value.isJsonArray() ? "array" : "object";
  }

  private static ConfigException malformed(String reason) {
    return new ConfigException(VERIFY, "improperly formatted log rotation config: " + reason);
  }

  private static ConfigException invalid(String pattern, Object... values) {
    return new ConfigException(
        VERIFY, "invalid log rotation config: json: " + pattern.formatted(values));
  }
}
