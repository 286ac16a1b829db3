package io.deepfm.pipeline.program;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JavaSourceTest {

    /** A text block's quotes are written as ''' here, and the end of a line as $. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    int a;                           | int a;
                    int  a ; $$  int b;              | int a ; int b;
                    int a; // one $int b;            | int a; int b;
                    int a; // "one $int b;           | int a; int b;
                    int/* one */a;                   | int a;
                    /** one $ * two */ int a;        | int a;
                    int a; /**/ int b; /***/         | int a; int b;
                    int a; /* // */ int b;           | int a; int b;
                    int a; // /* $int b; // */       | int a; int b;
                    int a; // one $ // two $ int b;  | int a; int b;
                    a / b * c /  d                   | a / b * c / d
                    "a  // b"  ; // c                | "a  // b" ;
                    "/* a */"  + /* a */ b           | "/* a */" + b
                    "\\""  + "// a" // b             | "\\"" + "// a"
                    "\\\\"  + a // b                 | "\\\\" + a
                    '"'  + a // "                    | '"' + a
                    '\\''  + "// a"                  | '\\'' + "// a"
                    ""  + "//  a" // ""              | "" + "//  a"
                    '''$ a  // b $ '''  ; // c       | '''$ a  // b $ ''' ;
                    '''$ "a"  /* "" */'''  ; /* c */ | '''$ "a"  /* "" */''' ;
                    '''$ \\'''  // a '''  ; // c     | '''$ \\'''  // a ''' ;
                    "\\u0022  // "  ; // c           | "\\u0022  // "  ; // c
                    """)
    void commentsAndWhiteSpaceBetweenPartsOfTheCodeDoNotCount(String source, String code) {
        assertThat(JavaSource.code(text(source))).isEqualTo(text(code));
    }

    @Test
    void literalsStayAsTheyAre() {
        assertThat(JavaSource.code("a(\"$1  \\\\ \");  ")).isEqualTo("a(\"$1  \\\\ \");");
    }

    private static String text(String written) {
        return written.replace("'''", "\"\"\"").replace('$', '\n');
    }
}
