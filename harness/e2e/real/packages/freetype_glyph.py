"""A letter of a font, drawn."""
import freetype

face = freetype.Face("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
face.set_char_size(48 * 64)
face.load_char("S")
bitmap = face.glyph.bitmap
print(face.family_name, face.num_glyphs, bitmap.width, bitmap.rows, sum(bitmap.buffer))
outline = face.glyph.outline
print(len(outline.points), len(outline.contours), outline.get_bbox().xMax, face.get_kerning("A", "V").x)
