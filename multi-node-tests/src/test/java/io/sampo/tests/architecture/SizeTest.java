package io.sampo.tests.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import io.sampo.tests.process.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packages, files and methods stay small enough to be read at once; tests as well. */
class SizeTest {
  private static final int PACKAGE_FILES = 30;
  private static final int FILE_LINES = 400;
  private static final int METHOD_LINES = 70;

  private static final List<String> MODULES =
      List.of("protocol", "persistence", "http-gateway", "node", "multi-node-tests");

  @Test
  void noPackageHasMoreThan30Files() throws IOException {
    Map<Path, Long> files =
        sources().stream()
            .filter(file -> !file.endsWith("package-info.java"))
            .collect(Collectors.groupingBy(Path::getParent, Collectors.counting()));
    List<String> large =
        files.entrySet().stream()
            .filter(folder -> folder.getValue() > PACKAGE_FILES)
            .map(folder -> folder.getKey() + " has " + folder.getValue() + " files")
            .toList();
    assertTrue(large.isEmpty(), () -> String.join("\n", large));
  }

  @Test
  void noFileHasMoreThan400Lines() throws IOException {
    List<String> large = new ArrayList<>();
    for (Path file : sources()) {
      int lines = Files.readAllLines(file).size();
      if (lines > FILE_LINES) {
        large.add(file + " has " + lines + " lines");
      }
    }
    assertTrue(large.isEmpty(), () -> String.join("\n", large));
  }

  @Test
  void noMethodHasMoreThan70Lines() throws IOException {
    List<String> large = longMethods(sources(), METHOD_LINES);
    assertTrue(large.isEmpty(), () -> String.join("\n", large));
  }

  @Test
  void aLongMethodIsFound(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("Guilty.java");
    Files.writeString(file, "class Guilty {\n  int answer() {\n    return\n        42;\n  }\n}\n");
    assertEquals(1, longMethods(List.of(file), 3).size());
    assertEquals(List.of(), longMethods(List.of(file), 4));
  }

  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    for (String module : MODULES) {
      try (Stream<Path> files = Files.walk(Checkout.root().resolve(module).resolve("src"))) {
        files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
      }
    }
    assertTrue(sources.size() > 500, "the sources are where this test looks");
    return sources;
  }

  /** Parsed only: what the sources refer to need not be there. */
  private static List<String> longMethods(List<Path> sources, int most) throws IOException {
    List<String> found = new ArrayList<>();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  files,
                  problem -> {},
                  List.of("-proc:none"),
                  null,
                  files.getJavaFileObjectsFromPaths(sources));
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree unit : task.parse()) {
        new LongMethods(unit, positions, most, found).scan(unit, null);
      }
    }
    return found;
  }

  private static final class LongMethods extends TreePathScanner<Void, Void> {
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final int most;
    private final List<String> found;

    LongMethods(CompilationUnitTree unit, SourcePositions positions, int most, List<String> found) {
      this.unit = unit;
      this.positions = positions;
      this.most = most;
      this.found = found;
    }

    @Override
    public Void visitMethod(MethodTree method, Void nothing) {
      LineMap lines = unit.getLineMap();
      long end = positions.getEndPosition(unit, method);
      if (end >= 0) {
        long first = lines.getLineNumber(positions.getStartPosition(unit, method));
        long length = lines.getLineNumber(end) - first + 1;
        if (length > most) {
          found.add(
              "%s:%d: %s has %d lines"
                  .formatted(unit.getSourceFile().getName(), first, method.getName(), length));
        }
      }
      return super.visitMethod(method, nothing);
    }
  }
}
